import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { CodeBuildClient } from '@aws-sdk/client-codebuild';
import type { EC2Client } from '@aws-sdk/client-ec2';
import type { ImagebuilderClient } from '@aws-sdk/client-imagebuilder';
import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { RDSClient } from '@aws-sdk/client-rds';
import { S3Client } from '@aws-sdk/client-s3';
import { SSMClient } from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import { memoize } from '@smithy/core/config';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { AwsCredentialIdentity, MemoizedProvider } from '@smithy/types';
import { ConfiguredRetryStrategy } from '@smithy/util-retry';
import type { Access } from '../domain/cleanup/spec.js';
import type { Pace, PacedService } from '../domain/config/index.js';
import { parseDuration } from '../domain/duration.js';
import { NightshiftError } from '../domain/errors.js';
import { roleArn } from '../domain/role-arn.js';
import type { Account, Target } from '../domain/target.js';
import { fromAwsError } from './errors.js';
import { Pacer } from './pacer.js';
import { type Attempt, type Pipeline, pace } from './pacing-middleware.js';

/** Clients kept: one takes about a megabyte, and a fleet has hundreds of targets. */
const mostClients = 100;
const longestRetryDelay = 20_000;

interface ClientSettings {
  region: string;
  requestHandler: NodeHttpHandler;
  retryStrategy: ConfiguredRetryStrategy;
  credentials?: CredentialProvider;
}

type CredentialProvider = MemoizedProvider<AwsCredentialIdentity>;

/** Whether credentials end within the time that the SDK, too, takes for too short. */
function isShortly(expiration: Date | undefined): boolean {
  return expiration !== undefined && expiration.getTime() - Date.now() < 300_000;
}

/**
 * The only place that makes AWS clients. Clients are kept per account, region, role and pace, so that all
 * that a worker does in a target shares one budget of calls.
 */
export class AwsConnections {
  private readonly clients = new Map<string, object>();
  private readonly pacers = new Map<string, Pacer>();
  private readonly roles = new Map<string, CredentialProvider>();
  private readonly identities = new Map<string, Promise<string>>();
  private readonly handler = new NodeHttpHandler({
    connectionTimeout: 5_000,
    requestTimeout: 60_000,
    httpAgent: { keepAlive: true, maxSockets: 256 },
    httpsAgent: { keepAlive: true, maxSockets: 256 },
  });

  /** @param onAttempt told of every attempt of a call. */
  constructor(private readonly onAttempt: (attempt: Attempt) => void = () => undefined) {}

  /** A client for a service of a target. */
  cloudFormation(target: Target, access: Access, limits: Pace): CloudFormationClient {
    return this.client(
      'cloudformation',
      target,
      access,
      limits,
      (settings) => new CloudFormationClient(settings),
    );
  }

  s3(target: Target, access: Access, limits: Pace): S3Client {
    return this.client('s3', target, access, limits, (settings) => new S3Client(settings));
  }

  rds(target: Target, access: Access, limits: Pace): RDSClient {
    return this.client('rds', target, access, limits, (settings) => new RDSClient(settings));
  }

  /** Loaded when it is asked for: the module takes 60 MB, and few workers need it. */
  async ec2(target: Target, access: Access, limits: Pace): Promise<EC2Client> {
    const { EC2Client } = await import('@aws-sdk/client-ec2');
    return this.client('ec2', target, access, limits, (settings) => new EC2Client(settings));
  }

  /** Loaded when it is asked for, too: only lines that build by it need it. */
  async imageBuilder(target: Target, access: Access, limits: Pace): Promise<ImagebuilderClient> {
    const { ImagebuilderClient } = await import('@aws-sdk/client-imagebuilder');
    return this.client(
      'imagebuilder',
      target,
      access,
      limits,
      (settings) => new ImagebuilderClient(settings),
    );
  }

  codeBuild(target: Target, access: Access, limits: Pace): CodeBuildClient {
    return this.client(
      'codebuild',
      target,
      access,
      limits,
      (settings) => new CodeBuildClient(settings),
    );
  }

  logs(target: Target, access: Access, limits: Pace): CloudWatchLogsClient {
    return this.client(
      'logs',
      target,
      access,
      limits,
      (settings) => new CloudWatchLogsClient(settings),
    );
  }

  ssm(target: Target, access: Access, limits: Pace): SSMClient {
    return this.client('ssm', target, access, limits, (settings) => new SSMClient(settings));
  }

  sts(target: Target, access: Access, limits: Pace): STSClient {
    return this.client('sts', target, access, limits, (settings) => new STSClient(settings));
  }

  /** Clients of the management account: the credentials as they are. */
  hub(
    region: string | undefined,
    limits: Pace,
  ): { ssm: SSMClient; organizations: OrganizationsClient; sts: STSClient } {
    const home = { account: { id: 'hub', name: 'hub' }, region: region ?? defaultRegion() };
    const access: Access = { sessionName: 'nightshift' };
    return {
      ssm: this.client('ssm', home, access, limits, (settings) => new SSMClient(settings)),
      organizations: this.client(
        'organizations',
        home,
        access,
        limits,
        (settings) => new OrganizationsClient(settings),
      ),
      sts: this.client('sts', home, access, limits, (settings) => new STSClient(settings)),
    };
  }

  /**
   * Makes sure that the credentials for an account are credentials of that account: the name of an
   * account, a role's template or a profile may be wrong, and nothing may be deleted elsewhere for it.
   */
  async verifyAccount(target: Target, access: Access, limits: Pace): Promise<void> {
    const key = JSON.stringify([target.account.id, access]);
    let identity = this.identities.get(key);
    if (!identity) {
      identity = this.callerAccount(target, access, limits);
      this.identities.set(key, identity);
      // A failure is not remembered: the role may be mended while the worker lives.
      identity.catch(() => this.identities.delete(key));
    }
    const actual = await identity;
    if (actual === target.account.id) return;
    throw new NightshiftError(
      'AwsAccess',
      `the credentials for account ${target.account.name} (${target.account.id}) belong to account ${actual}`,
      { hint: 'check accounts.role and the account ids in nightshift.yaml' },
    );
  }

  destroy(): void {
    // They share the handler, so there is nothing else to close.
    this.clients.clear();
    this.handler.destroy();
  }

  private async callerAccount(target: Target, access: Access, limits: Pace): Promise<string> {
    try {
      const { Account: id } = await this.sts(target, access, limits).send(
        new GetCallerIdentityCommand({}),
      );
      return id ?? 'unknown';
    } catch (error) {
      throw fromAwsError(error, accessAttempt(target.account, access));
    }
  }

  private client<C extends { middlewareStack: Pipeline }>(
    service: PacedService,
    target: Target,
    access: Access,
    limits: Pace,
    make: (settings: ClientSettings) => C,
  ): C {
    const key = JSON.stringify([service, target.account.id, target.region, access, limits]);
    const known = this.clients.get(key);
    if (known) {
      this.keep(key, known);
      // Keyed by service, so a known client is of the class that `make` makes.
      return known as C;
    }
    const client = make(this.settings(target, access, limits));
    // It makes copies of all that is sent and answered, for a logger that there isn't.
    client.middlewareStack.remove('loggerMiddleware');
    pace(client.middlewareStack, {
      service,
      pacer: this.pacer(service, target, limits),
      onAttempt: this.onAttempt,
    });
    this.keep(key, client);
    return client;
  }

  /** Keeps the clients that were used last. One that is dropped lives on where it is in use. */
  private keep(key: string, client: object): void {
    this.clients.delete(key);
    this.clients.set(key, client);
    if (this.clients.size <= mostClients) return;
    const [oldest] = this.clients.keys();
    if (oldest !== undefined) this.clients.delete(oldest);
  }

  private settings({ account, region }: Target, access: Access, limits: Pace): ClientSettings {
    const firstDelay = parseDuration(limits.retryDelay);
    const retryStrategy = new ConfiguredRetryStrategy(limits.retries + 1, (attempt: number) =>
      Math.floor(Math.random() * Math.min(longestRetryDelay, firstDelay * 2 ** attempt)),
    );
    const settings = { region, requestHandler: this.handler, retryStrategy };
    const role = roleArn(access, account);
    return role === undefined
      ? settings
      : { ...settings, credentials: this.credentials(role, access, settings) };
  }

  /** Credentials of a role, shared by all clients: one AssumeRole an hour, however many regions there are. */
  private credentials(
    RoleArn: string,
    { sessionName, externalId }: Access,
    clientConfig: ClientSettings,
  ): CredentialProvider {
    const key = JSON.stringify([RoleArn, sessionName, externalId]);
    const known = this.roles.get(key);
    if (known) return known;
    const assume = fromTemporaryCredentials({
      params: {
        RoleArn,
        RoleSessionName: sessionName,
        ...(externalId === undefined ? {} : { ExternalId: externalId }),
      },
      clientConfig,
    });
    const provider = memoize(
      assume,
      ({ expiration }) => isShortly(expiration),
      ({ expiration }) => expiration !== undefined,
    );
    this.roles.set(key, provider);
    return provider;
  }

  private pacer(service: PacedService, { account, region }: Target, limits: Pace): Pacer {
    const key = `${service} ${account.id} ${region}`;
    const pacer = this.pacers.get(key) ?? new Pacer(limits[service]);
    this.pacers.set(key, pacer);
    return pacer;
  }
}

function accessAttempt(account: Account, access: Access): string {
  const role = roleArn(access, account);
  const how = role === undefined ? 'with the credentials as they are' : `as ${role}`;
  return `account ${account.name} (${account.id}) can't be entered ${how}`;
}

function defaultRegion(): string {
  return process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION'] ?? 'us-east-1';
}
