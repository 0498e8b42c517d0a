import { invalidInput } from './errors.js';

/** API, ProjectEnvironment. */
export const environmentTypes = [
  'LINUX_CONTAINER',
  'LINUX_GPU_CONTAINER',
  'ARM_CONTAINER',
  'WINDOWS_CONTAINER',
  'WINDOWS_SERVER_2019_CONTAINER',
  'WINDOWS_SERVER_2022_CONTAINER',
  'LINUX_LAMBDA_CONTAINER',
  'ARM_LAMBDA_CONTAINER',
  'LINUX_EC2',
  'ARM_EC2',
  'WINDOWS_EC2',
  'MAC_ARM',
] as const;
export type EnvironmentType = (typeof environmentTypes)[number];

export const computeTypes = [
  'BUILD_GENERAL1_SMALL',
  'BUILD_GENERAL1_MEDIUM',
  'BUILD_GENERAL1_LARGE',
  'BUILD_GENERAL1_XLARGE',
  'BUILD_GENERAL1_2XLARGE',
  'BUILD_LAMBDA_1GB',
  'BUILD_LAMBDA_2GB',
  'BUILD_LAMBDA_4GB',
  'BUILD_LAMBDA_8GB',
  'BUILD_LAMBDA_10GB',
  'ATTRIBUTE_BASED_COMPUTE',
  'CUSTOM_INSTANCE_TYPE',
] as const;
export type ComputeType = (typeof computeTypes)[number];

/** What a build runs in. */
export interface Environment {
  type: EnvironmentType;
  image: string;
  computeType: ComputeType;
  privilegedMode: boolean;
  imagePullCredentialsType: string;
}

/** Lambda compute goes with Lambda environments only, which have no privileged mode (guide, "Lambda compute"). */
export function checkEnvironment({ type, computeType, privilegedMode }: Environment): void {
  const isLambda = type.includes('LAMBDA');
  if (computeType.startsWith('BUILD_LAMBDA') !== isLambda)
    throw invalidInput(`Invalid compute type ${computeType} for environment type ${type}`);
  if (isLambda && privilegedMode)
    throw invalidInput(`Privileged mode is not supported for environment type ${type}`);
}
