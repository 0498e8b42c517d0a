import {
  type ImagebuilderClient,
  StartImagePipelineExecutionCommand,
} from '@aws-sdk/client-imagebuilder';
import { PutParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { awsErrorCode, awsErrorMessage } from '../../../../aws/errors.js';
import type { BuildPlace } from '../../../../domain/builds/spec.js';
import { NightshiftError } from '../../../../domain/errors.js';
import type { ImageBuilderBuilder } from '../../../../domain/images/spec.js';
import { imageTags } from '../../../../domain/images/tags.js';
import { targetName } from '../../../../domain/target.js';
import { lastWord } from '../last-word.js';
import { cancelExecution } from './execution.js';
import { executionsOf, pipelineArn } from './pipelines.js';

/** Milliseconds to look for what a call that was called off has begun. */
const clearing = 30_000;

export interface ExecutionOrder {
  place: BuildPlace;
  /** {os} and {arch} are filled in. */
  builder: ImageBuilderBuilder;
  /** What the parameter is given, as JSON. */
  variables: Readonly<Record<string, string>>;
  /** Of this start alone; 36 characters at most. */
  token: string;
  tags: Readonly<Record<string, string>>;
}

export interface StartOptions extends ExecutionOrder {
  client: ImagebuilderClient;
  ssm: SSMClient;
  /** The work is to end, be it for another worker to go on. */
  signal: AbortSignal;
  /** Nobody wants the image any more. */
  cancelled: AbortSignal;
}

/** Starts a pipeline: with one token once, however often it is asked. */
export async function startExecution(options: StartOptions): Promise<{ arn: string }> {
  const { client, builder, place, signal, cancelled } = options;
  checkToken(options.token);
  const pipeline = await pipelineArn(client, builder.pipeline, targetName(place.target), signal);
  try {
    await giveVariables(options, pipeline);
    const arn = await start(options, pipeline);
    cancelled.throwIfAborted();
    return { arn };
  } catch (error) {
    if (cancelled.aborted) await clear(options, pipeline);
    throw error;
  }
}

/**
 * A pipeline takes no parameters: its component reads an SSM parameter when it gets that far. Until then the parameter
 * is one execution's, so that a pipeline at work on another image is waited for.
 */
async function giveVariables(options: StartOptions, pipeline: string): Promise<void> {
  const { client, ssm, builder, variables, tags, signal } = options;
  const { parameter } = builder;
  if (parameter === undefined) return;
  const others = await executionsOf(client, pipeline, signal);
  const other = others.find(({ key }) => key === undefined || key !== tags[imageTags.key]);
  if (other)
    throw busy(
      `image pipeline ${builder.pipeline} is at work on ${other.key ?? other.arn}, which reads the parameter ${parameter}`,
    );
  const put = new PutParameterCommand({
    Name: parameter,
    Value: JSON.stringify(variables),
    Type: 'String',
    Overwrite: true,
    Tier: 'Intelligent-Tiering',
  });
  await ssm.send(put, { abortSignal: signal });
}

async function start(
  { client, builder, token, tags, signal }: StartOptions,
  imagePipelineArn: string,
): Promise<string> {
  signal.throwIfAborted();
  const input = { imagePipelineArn, clientToken: token, tags: { ...tags } };
  try {
    const { imageBuildVersionArn: arn = '' } = await client.send(
      new StartImagePipelineExecutionCommand(input),
      { abortSignal: lastWord(signal) },
    );
    return arn;
  } catch (error) {
    if (awsErrorCode(error) !== 'ResourceInUseException') throw error;
    throw busy(`image pipeline ${builder.pipeline} is in use: ${awsErrorMessage(error)}`);
  }
}

/** Who cancels while a pipeline is being started hears of no ARN: what is at work on this image is cancelled. */
async function clear({ client, tags }: StartOptions, pipeline: string): Promise<void> {
  const within = AbortSignal.timeout(clearing);
  const key = tags[imageTags.key];
  if (key === undefined) return;
  for (const execution of await executionsOf(client, pipeline, within))
    if (execution.key === key) await cancelExecution(client, execution.arn, within);
}

function busy(message: string): NightshiftError {
  return new NightshiftError('BuildLimit', message, {
    hint: 'give each base OS and architecture a pipeline and a parameter of its own, and the line a concurrency that they can keep up with',
    retryable: true,
  });
}

function checkToken(token: string): void {
  if (token.length >= 1 && token.length <= 36) return;
  throw new NightshiftError(
    'Internal',
    `the token of an execution has 1 to 36 characters, was ${token.length} long`,
  );
}
