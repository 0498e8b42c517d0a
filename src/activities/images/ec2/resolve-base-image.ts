import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { awsErrorCode } from '../../../aws/errors.js';
import { NightshiftError } from '../../../domain/errors.js';
import { imageIdSchema } from '../../../domain/images/names.js';
import type { BaseImage } from '../../../domain/images/spec.js';
import { type Target, targetName } from '../../../domain/target.js';

export interface ResolveBaseImageOptions {
  /** Of the account and region that is built in. */
  ssm: SSMClient;
  target: Target;
  baseImage: BaseImage;
  signal: AbortSignal;
}

/**
 * The id of the image to build on.
 *
 * @throws NightshiftError InvalidInput naming the parameter that is missing or holds something else.
 */
export async function resolveBaseImage(options: ResolveBaseImageOptions): Promise<string> {
  const { baseImage, target } = options;
  if ('id' in baseImage) return baseImage.id;
  const value = await readParameter(options, baseImage.ssm);
  const parsed = imageIdSchema.safeParse(value.trim());
  if (parsed.success) return parsed.data;
  throw new NightshiftError(
    'InvalidInput',
    `the SSM parameter ${baseImage.ssm} in ${targetName(target)} must hold the id of a machine image, such as ami-0123456789abcdef0, not ${JSON.stringify(value.slice(0, 60))}`,
    { hint: 'some of AWS’s public parameters hold JSON and have another below, …/image_id' },
  );
}

async function readParameter(
  { ssm, target, signal }: ResolveBaseImageOptions,
  Name: string,
): Promise<string> {
  try {
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name }), {
      abortSignal: signal,
    });
    return Parameter?.Value ?? '';
  } catch (error) {
    if (awsErrorCode(error) !== 'ParameterNotFound') throw error;
    throw new NightshiftError(
      'InvalidInput',
      `there is no SSM parameter ${Name} in ${targetName(target)}`,
      { hint: 'correct baseImage.ssm in nightshift.yaml', cause: error },
    );
  }
}
