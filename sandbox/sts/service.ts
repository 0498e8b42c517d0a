import { AwsError, validationError } from '../core/aws-error.js';
import { QueryService, requiredParameter, type QueryAction } from '../core/aws-query.js';
import { issueCredentials } from '../core/identity.js';
import { element, timestamp, wrap } from '../core/xml.js';
import type { Faults } from '../faults/faults.js';
import type { Directory } from '../fleet/directory.js';

const sessionNamePattern = /^[\w+=,.@-]{2,64}$/;
const roleArnPattern = /^arn:aws:iam::(\d{12}):role\/(.+)$/;

/** The sandbox's STS: who am I, and let me be another. */
export function createSts(now: () => number, directory: Directory, faults: Faults): QueryService {
  return new QueryService(
    ['sts'],
    'https://sts.amazonaws.com/doc/2011-06-15/',
    now,
    new Map<string, QueryAction>([
      ['GetCallerIdentity', getCallerIdentity],
      ['AssumeRole', assumeRole(directory, faults)],
    ]),
    (parameters) => parameters.get('RoleArn') ?? undefined,
  );
}

const getCallerIdentity: QueryAction = ({ accountId, request }) => {
  const arn = request.principalArn ?? `arn:aws:iam::${accountId}:root`;
  const isRole = arn.includes(':assumed-role/');
  const [, , session] = arn.split('/');
  const userId = isRole ? `AROASANDBOX0000000000:${session ?? ''}` : accountId;
  return {
    xml: element('Arn', arn) + element('UserId', userId) + element('Account', accountId),
    subject: arn,
  };
};

function assumeRole(directory: Directory, faults: Faults): QueryAction {
  return ({ parameters, request }) => {
    const roleArn = requiredParameter(parameters, 'RoleArn');
    const sessionName = requiredParameter(parameters, 'RoleSessionName');
    if (!sessionNamePattern.test(sessionName))
      throw validationError(
        `1 validation error detected: Value '${sessionName}' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*`,
      );
    const [, accountId, roleName] = roleArnPattern.exec(roleArn) ?? [];
    if (accountId === undefined || roleName === undefined)
      throw validationError(`${roleArn} is invalid`);
    const duration = durationOf(parameters);
    const role = directory.role(accountId, roleName);
    const externalId = parameters.get('ExternalId') ?? undefined;
    // AWS tells the caller nothing about why: a role that isn't there, a wrong external id and a trust policy that
    // says no read the same.
    if (
      !role ||
      (role.externalId !== undefined && role.externalId !== externalId) ||
      faults.deniesRole(accountId, roleName)
    )
      throw new AwsError(
        'AccessDenied',
        `User: ${request.principalArn ?? ''} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
        403,
      );
    const shortName = roleName.split('/').pop() ?? roleName;
    const credentials = issueCredentials(accountId, shortName, sessionName, duration);
    const assumedArn = `arn:aws:sts::${accountId}:assumed-role/${shortName}/${sessionName}`;
    return {
      xml:
        wrap(
          'AssumedRoleUser',
          element('AssumedRoleId', `AROASANDBOX0000000000:${sessionName}`),
          element('Arn', assumedArn),
        ) +
        wrap(
          'Credentials',
          element('AccessKeyId', credentials.accessKeyId),
          element('SecretAccessKey', credentials.secretAccessKey),
          element('SessionToken', credentials.sessionToken),
          timestamp('Expiration', credentials.expiration),
        ),
      subject: roleArn,
    };
  };
}

/** Seconds: 900 to 43,200, an hour unless asked for. */
function durationOf(parameters: URLSearchParams): number {
  const seconds = Number(parameters.get('DurationSeconds') ?? '3600');
  if (!(seconds >= 900 && seconds <= 43_200))
    throw validationError(
      `1 validation error detected: Value '${seconds}' at 'durationSeconds' failed to satisfy constraint: Member must have value between 900 and 43200`,
    );
  return seconds;
}
