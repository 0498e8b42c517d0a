import type { ResultItem, StackEvent } from '../../src/domain/cleanup/result.js';
import type { Random } from './random.js';

type Started = Pick<
  ResultItem,
  'kind' | 'id' | 'name' | 'policy' | 'wave' | 'dependents' | 'startedAt' | 'endedAt'
>;

interface Trouble {
  failureClass: string;
  logicalId: string;
  type: string;
  physical: string;
  reason: string;
}

const troubles: Trouble[] = [
  {
    failureClass: 'bucket-not-empty',
    logicalId: 'UploadsBucket',
    type: 'AWS::S3::Bucket',
    physical: 'uploads',
    reason:
      'The bucket you tried to delete is not empty (Service: S3, Status Code: 409, Error Code: BucketNotEmpty)',
  },
  {
    failureClass: 'network-interfaces',
    logicalId: 'FunctionSecurityGroup',
    type: 'AWS::EC2::SecurityGroup',
    physical: 'sg-0f3a',
    reason:
      'resource sg-0f3a91 has a dependent object (Service: Ec2, Status Code: 400, Error Code: DependencyViolation)',
  },
  {
    failureClass: 'access-denied',
    logicalId: 'SigningKey',
    type: 'AWS::KMS::Key',
    physical: 'key',
    reason: 'User is not authorized to perform: kms:ScheduleKeyDeletion on this resource',
  },
];

/** A stack whose delete failed three times over, with the events that say why. */
export function failedStack(started: Started, start: number, random: Random): ResultItem {
  const trouble = random.pick(troubles);
  const physicalId = `${started.name}-${trouble.physical}-${random.hex(8)}`;
  const at = (seconds: number) => new Date(start + seconds * 1000).toISOString();
  const own = {
    logicalId: started.name,
    physicalId: started.id,
    type: 'AWS::CloudFormation::Stack',
  };
  const part = { logicalId: trouble.logicalId, physicalId, type: trouble.type };
  const events: StackEvent[] = [
    { time: at(0), ...own, status: 'DELETE_IN_PROGRESS', reason: 'User Initiated' },
    { time: at(4), ...part, status: 'DELETE_IN_PROGRESS' },
    { time: at(9), ...part, status: 'DELETE_FAILED', reason: trouble.reason },
    {
      time: at(11),
      ...own,
      status: 'DELETE_FAILED',
      reason: `The following resource(s) failed to delete: [${trouble.logicalId}].`,
    },
  ];
  return {
    ...started,
    outcome: 'failed',
    reason: `${trouble.logicalId} (${trouble.type}) could not be deleted: ${trouble.reason}`,
    failureClass: trouble.failureClass,
    attempts: 3,
    passes: 3,
    events,
  };
}

/** A stack that went only because its policy lets resources be left behind. */
export function orphanedStack(started: Started, random: Random): ResultItem {
  return {
    ...started,
    outcome: 'deleted',
    attempts: 2,
    passes: 2,
    orphans: [
      {
        logicalId: 'AuditLogGroup',
        physicalId: `/pr/${started.name}/audit-${random.hex(6)}`,
        type: 'AWS::Logs::LogGroup',
        reason: 'Retained after DELETE_FAILED: the policy allows retaining log groups.',
      },
    ],
  };
}
