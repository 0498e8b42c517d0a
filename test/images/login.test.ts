import { expect, test } from 'vitest';
import { NightshiftError } from '../../src/client/index.js';
import { type Stage, region, setStage } from './stage.js';

const parameter = '/nightshift/mirror';
const right = 'reader:p@ss:wörd';

/** A line whose mirror asks for a login; the parameter holds the value. */
function withLogin(value: string, isConfigured = true): Promise<Stage> {
  return setStage({
    fleet: {
      mirrors: [
        {
          name: 'el9',
          kind: 'rpm',
          packages: [{ name: 'gitlab-runner', versions: ['16.11.0-1'] }],
          login: right,
        },
      ],
      parameters: [{ name: parameter, value, type: 'SecureString' }],
    },
    line: (url) => ({
      architectures: ['x86_64'],
      source: {
        rpm: {
          url: `${url}/mirror/el9`,
          ...(isConfigured ? { login: { ssm: parameter, region } } : {}),
        },
      },
    }),
  });
}

async function refusalOf({ line }: Stage): Promise<NightshiftError> {
  const error = await line.check().catch((reason: unknown) => reason);
  if (error instanceof NightshiftError) return error;
  throw new Error(`it was not refused: ${String(error)}`);
}

test('a mirror that asks for a login is given what the parameter holds, and nobody else hears of it', async () => {
  const stage = await withLogin(`${right}\n`);
  expect((await stage.check()).built).toHaveLength(2);
  const { workflowId } = stage.line;
  const history = await stage.temporal.workflow.getHandle(workflowId).fetchHistory();
  const told = JSON.stringify([history, await stage.admin.ledger(), await stage.line.status()]);
  expect(told).not.toContain('wörd');
  expect(told).not.toContain(Buffer.from(right).toString('base64'));
});

test('a mirror that refuses the login says where it is to be looked for, and shows it to nobody', async () => {
  const error = await refusalOf(await withLogin('reader:geheim'));
  expect(error.code).toBe('MirrorRefused');
  expect(error.message).toMatch(/repomd\.xml: answered 401/);
  expect(error.hint).toContain(`check user:password in the SSM parameter ${parameter}`);
  expect(`${error.message} ${error.hint} ${error.stack}`).not.toContain('geheim');
});

test('a mirror that asks for a login, and has none in the config, says which key is for that', async () => {
  const stage = await withLogin(right, false);
  expect((await refusalOf(stage)).hint).toContain('`login` of the source');
});

test('a parameter that holds no login is named, and not shown', async () => {
  const error = await refusalOf(await withLogin('geheim'));
  expect(error.code).toBe('InvalidInput');
  expect(error.message).toContain(`the SSM parameter ${parameter} does not hold user:password`);
  expect(`${error.message} ${error.hint}`).not.toContain('geheim');
});
