import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { type TrackedCell, readTrackerText } from '../../../domain/images/tracker/tracker.js';
import { baseOses, mirror, product } from './cast.js';
import { region } from './fleet.js';
import type { Stage } from './stage.js';

/** What the tracker says, as any other tool of the account reads it. */
export async function trackerOf({ sandbox, fleet, demoLine }: Stage): Promise<TrackedCell[]> {
  const ssm = new SSMClient({
    region,
    endpoint: sandbox.url,
    // To the sandbox, an account's id is its access key.
    credentials: { accessKeyId: fleet.account.id, secretAccessKey: 'sandbox' },
  });
  try {
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: demoLine.tracker }));
    return readTrackerText(Parameter?.Value ?? '', {
      ...demoLine,
      product,
      source: { kind: 'rpm', url: `${sandbox.url}/mirror/${mirror}` },
      baseOs: baseOses.map(({ name, image }) => ({
        name,
        variables: {},
        images: { x86_64: { id: image.id } },
      })),
    });
  } finally {
    ssm.destroy();
  }
}
