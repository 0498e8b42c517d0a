import type { ItemKind } from '../cleanup/plan.js';

/** What Nightshift knows of a resource type of Custodian. */
export interface ResourceType {
  /** How Custodian's documents name it. */
  names: readonly [string, ...string[]];
  /** The field that identifies a resource within its account and region. */
  id: string;
  /** Top-level fields that filters can read. */
  fields: readonly string[];
  /** Of those, the ones that every resource has, with a value that isn't empty. */
  alwaysSet: readonly string[];
  /** Paths of the fields that are moments; Custodian sees a datetime there, not text. */
  moments: readonly (readonly [string, ...string[]])[];
  /** Fields that look as if they could be read, with the reason why not. */
  refused: Readonly<Partial<Record<string, string>>>;
}

const stack: ResourceType = {
  names: ['aws.cfn', 'cfn'],
  id: 'StackName',
  fields: [
    'Capabilities',
    'ChangeSetId',
    'CreationTime',
    'DeletionMode',
    'DeletionTime',
    'DeploymentConfig',
    'Description',
    'DetailedStatus',
    'DisableRollback',
    'DriftInformation',
    'LastOperations',
    'LastUpdatedTime',
    'NotificationARNs',
    'Outputs',
    'Parameters',
    'ParentId',
    'RetainExceptOnCreate',
    'RoleARN',
    'RollbackConfiguration',
    'RootId',
    'StackId',
    'StackName',
    'StackStatus',
    'StackStatusReason',
    'Tags',
    'TimeoutInMinutes',
  ],
  alwaysSet: ['CreationTime', 'StackId', 'StackName', 'StackStatus'],
  moments: [
    ['CreationTime'],
    ['DeletionTime'],
    ['LastUpdatedTime'],
    ['DriftInformation', 'LastCheckTimestamp'],
  ],
  refused: {
    // boto/boto3#2907
    EnableTerminationProtection:
      'CloudFormation may leave it out of a list of stacks; set metadata.nightshift.terminationProtection instead',
  },
};

const subdocument = 'Nightshift does not fetch this document of a bucket';

const bucket: ResourceType = {
  names: ['aws.s3', 's3'],
  id: 'Name',
  fields: ['CreationDate', 'Location', 'Name', 'Tags'],
  alwaysSet: ['CreationDate', 'Name'],
  moments: [['CreationDate']],
  refused: {
    Acl: subdocument,
    Lifecycle: subdocument,
    Logging: subdocument,
    Notification: subdocument,
    Policy: subdocument,
    Replication: subdocument,
    Versioning: subdocument,
    Website: subdocument,
  },
};

const snapshot: ResourceType = {
  names: ['aws.rds-snapshot', 'rds-snapshot'],
  id: 'DBSnapshotIdentifier',
  fields: [
    'AdditionalStorageVolumes',
    'AllocatedStorage',
    'AvailabilityZone',
    'BackupRetentionPeriod',
    'DBInstanceIdentifier',
    'DBSnapshotArn',
    'DBSnapshotIdentifier',
    'DBSystemId',
    'DbiResourceId',
    'DedicatedLogVolume',
    'Encrypted',
    'Engine',
    'EngineVersion',
    'FullSnapshotSizeInBytes',
    'IAMDatabaseAuthenticationEnabled',
    'InstanceCreateTime',
    'Iops',
    'KmsKeyId',
    'LicenseModel',
    'MasterUsername',
    'MultiTenant',
    'OptionGroupName',
    'OriginalSnapshotCreateTime',
    'PercentProgress',
    'Port',
    'PreferredBackupWindow',
    'ProcessorFeatures',
    'SnapshotAvailabilityZone',
    'SnapshotCreateTime',
    'SnapshotDatabaseTime',
    'SnapshotTarget',
    'SnapshotType',
    'SourceDBSnapshotIdentifier',
    'SourceRegion',
    'Status',
    'StorageEncryptionType',
    'StorageThroughput',
    'StorageType',
    'Tags',
    'TdeCredentialArn',
    'Timezone',
    'VpcId',
  ],
  alwaysSet: [
    'DBInstanceIdentifier',
    'DBSnapshotArn',
    'DBSnapshotIdentifier',
    'SnapshotType',
    'Status',
  ],
  moments: [
    ['InstanceCreateTime'],
    ['OriginalSnapshotCreateTime'],
    ['SnapshotCreateTime'],
    ['SnapshotDatabaseTime'],
  ],
  refused: { TagList: 'Custodian renames it: read Tags' },
};

export const resourceTypes: Readonly<Record<ItemKind, ResourceType>> = {
  stack,
  bucket,
  'rds-snapshot': snapshot,
};
