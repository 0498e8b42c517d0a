import { createHash } from 'node:crypto';
import {
  CancelImageCreationCommand,
  GetImageCommand,
  type Image,
  type ImagebuilderClient,
} from '@aws-sdk/client-imagebuilder';
import { awsErrorCode } from '../../../../aws/errors.js';

const moving: ReadonlySet<string> = new Set([
  'PENDING',
  'CREATING',
  'BUILDING',
  'TESTING',
  'DISTRIBUTING',
  'INTEGRATING',
]);

/** Whether an image of Image Builder is still being made. */
export function isMoving(status: string | undefined): boolean {
  return status !== undefined && moving.has(status);
}

/** What an execution makes, as Image Builder has it; undefined where it knows of none. */
export async function getExecution(
  client: ImagebuilderClient,
  arn: string,
  abortSignal: AbortSignal,
): Promise<Image | undefined> {
  try {
    const { image } = await client.send(new GetImageCommand({ imageBuildVersionArn: arn }), {
      abortSignal,
    });
    return image;
  } catch (error) {
    if (awsErrorCode(error) === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}

/** Asks for its end. One that has ended, or is gone, stays as it is. */
export async function cancelExecution(
  client: ImagebuilderClient,
  arn: string,
  abortSignal: AbortSignal,
): Promise<void> {
  // "Maximum length of 36": of this image, so that it is asked for once.
  const clientToken = createHash('sha256').update(`cancel ${arn}`).digest('hex').slice(0, 36);
  try {
    await client.send(new CancelImageCreationCommand({ imageBuildVersionArn: arn, clientToken }), {
      abortSignal,
    });
  } catch (error) {
    const code = awsErrorCode(error);
    if (code === 'ResourceNotFoundException') return;
    const isRefused = code === 'InvalidRequestException' || code === 'ResourceInUseException';
    if (!isRefused) throw error;
    const image = await getExecution(client, arn, abortSignal);
    if (image && isMoving(image.state?.status)) throw error;
  }
}

/** Where Image Builder writes what it does: log group /aws/imagebuilder/<image>, a stream per version and build. */
export function logLink(arn: string): string | undefined {
  const [, partition, region, name, version] =
    /^arn:([\w-]+):imagebuilder:([\w-]+):\d*:image\/([^/]+)\/([^/]+\/[^/]+)$/.exec(arn) ?? [];
  if (partition === undefined || region === undefined || !name || !version) return undefined;
  const [group, stream] = [`/aws/imagebuilder/${name}`, version].map(consolePart);
  return `https://${region}.${consoleHost(partition)}/cloudwatch/home?region=${region}#logsV2:log-groups/log-group/${group}/log-events/${stream}`;
}

/** The console escapes a name twice, and writes `$` for the second `%`. */
function consolePart(name: string): string {
  return encodeURIComponent(encodeURIComponent(name)).replaceAll('%', '$');
}

function consoleHost(partition: string): string {
  return partition === 'aws-cn' ? 'console.amazonaws.cn' : 'console.aws.amazon.com';
}
