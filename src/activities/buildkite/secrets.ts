import { GetParameterCommand } from '@aws-sdk/client-ssm';
import type { AwsConnections } from '../../aws/connections.js';
import { awsErrorCode, fromAwsError } from '../../aws/errors.js';
import type { BuildkiteAccess } from '../../domain/buildkite/spec.js';
import type { Pace } from '../../domain/config/index.js';
import { NightshiftError } from '../../domain/errors.js';
import { type SealingKey, seal, sealingKey, unseal } from '../../secrets/index.js';
import { isUnknownToken } from './failures.js';

/** How long a token is used before it is read again: it may have been replaced. Milliseconds. */
const goodFor = 300_000;

interface AgentToken {
  value: string;
  /** Of the parameter: what was sealed by a token can be opened after it was replaced. */
  version: number;
}

type TokenPlace = BuildkiteAccess['token'];

function tokenKey({ ssm, region }: TokenPlace): string {
  return `${region ?? ''} ${ssm}`;
}

/** The agent tokens that SSM holds, and what is sealed by them. Neither leaves the process in the clear. */
export class BuildkiteSecrets {
  private readonly tokens = new Map<string, { read: Promise<AgentToken>; at: number }>();
  private readonly keys = new Map<string, SealingKey>();

  constructor(
    private readonly aws: AwsConnections,
    private readonly env: NodeJS.ProcessEnv = process.env,
  ) {}

  /** The agent token of a cluster. */
  async agentToken({ token }: BuildkiteAccess, pace: Pace): Promise<string> {
    return (await this.read(token, pace)).value;
  }

  /** Makes a call with the agent token; where Buildkite doesn't know it, it is read anew the next time. */
  async forgetUnknown<T>({ token }: BuildkiteAccess, call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      if (isUnknownToken(error)) this.tokens.delete(tokenKey(token));
      throw error;
    }
  }

  /** Seals with NIGHTSHIFT_SEAL_KEY where it is set, else with a key made of the agent token. */
  async seal(
    { token }: BuildkiteAccess,
    pace: Pace,
    text: string,
    context: string,
  ): Promise<string> {
    const own = this.env['NIGHTSHIFT_SEAL_KEY'];
    if (own) return seal(sealingKey({ id: 'env', secret: own }), text, context);
    const { value, version } = await this.read(token, pace);
    const id = ['ssm', token.region ?? '', token.ssm, version].join(':');
    return seal(this.keyOf(id, value), text, context);
  }

  /** Opens what was sealed here or by another worker. */
  async open(sealed: string, context: string, pace: Pace): Promise<string> {
    return await unseal((id) => this.findKey(id, pace), sealed, context);
  }

  private async findKey(id: string, pace: Pace): Promise<SealingKey> {
    if (id === 'env') return sealingKey({ id, secret: this.ownSecret() });
    const known = this.keys.get(id);
    if (known) return known;
    const [, region, name = '', version = ''] = id.split(':');
    const { value } = await this.fetch(`${name}:${version}`, region || undefined, pace);
    return this.keyOf(id, value);
  }

  private ownSecret(): string {
    const secret = this.env['NIGHTSHIFT_SEAL_KEY'];
    if (secret) return secret;
    throw new NightshiftError(
      'InvalidInput',
      'NIGHTSHIFT_SEAL_KEY is missing: what is to be opened was sealed with it',
      {
        hint: 'give every worker the same NIGHTSHIFT_SEAL_KEY',
        retryable: true,
      },
    );
  }

  private keyOf(id: string, secret: string): SealingKey {
    const key = this.keys.get(id) ?? sealingKey({ id, secret });
    this.keys.set(id, key);
    return key;
  }

  private read(token: TokenPlace, pace: Pace): Promise<AgentToken> {
    const key = tokenKey(token);
    const known = this.tokens.get(key);
    if (known && Date.now() - known.at < goodFor) return known.read;
    const read = this.fetch(token.ssm, token.region, pace);
    this.tokens.set(key, { read, at: Date.now() });
    // What can't be read now may be there in a moment.
    read.catch(() => this.tokens.delete(key));
    return read;
  }

  private async fetch(name: string, region: string | undefined, pace: Pace): Promise<AgentToken> {
    const { ssm } = this.aws.hub(region, pace);
    try {
      const { Parameter: parameter } = await ssm.send(
        new GetParameterCommand({ Name: name, WithDecryption: true }),
      );
      return { value: (parameter?.Value ?? '').trim(), version: parameter?.Version ?? 1 };
    } catch (error) {
      const code = awsErrorCode(error);
      if (code !== 'ParameterNotFound' && code !== 'ParameterVersionNotFound')
        throw fromAwsError(error, `the SSM parameter ${name} can’t be read`);
      throw new NightshiftError(
        'InvalidInput',
        `there is no SSM parameter ${name} in the management account`,
        {
          hint: 'put the agent token there as a SecureString, or correct buildkite.token in nightshift.yaml',
        },
      );
    }
  }
}
