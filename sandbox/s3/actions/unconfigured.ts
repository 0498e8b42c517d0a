import { element, wrap } from '../../core/xml.js';
import { openBucket, type S3Action } from '../call.js';
import { S3Error } from '../errors.js';
import { document } from '../response-xml.js';

/**
 * The rest of what a bucket can be configured with: nothing is, and S3 says so in a way of its own for each. Tools that
 * read all of a bucket (Cloud Custodian does) need these answers.
 */

function missing(code: string, message: string): S3Action {
  return (call) => {
    openBucket(call);
    throw new S3Error(code, message, 404, { elements: { BucketName: call.bucket } });
  };
}

function empty(root: string): S3Action {
  return (call) => {
    openBucket(call);
    return { body: document(root) };
  };
}

const getBucketAcl: S3Action = (call) => {
  const bucket = openBucket(call);
  const id = element('ID', bucket.accountId);
  const grantee = `<Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="CanonicalUser">${id}</Grantee>`;
  return {
    body: document(
      'AccessControlPolicy',
      wrap('Owner', id),
      wrap('AccessControlList', wrap('Grant', grantee, element('Permission', 'FULL_CONTROL'))),
    ),
  };
};

/** By the subresource that the query names. */
export const unconfigured: ReadonlyMap<string, { action: string; run: S3Action }> = new Map([
  ['acl', { action: 'GetBucketAcl', run: getBucketAcl }],
  [
    'policy',
    {
      action: 'GetBucketPolicy',
      run: missing('NoSuchBucketPolicy', 'The bucket policy does not exist'),
    },
  ],
  [
    'replication',
    {
      action: 'GetBucketReplication',
      run: missing(
        'ReplicationConfigurationNotFoundError',
        'The replication configuration was not found',
      ),
    },
  ],
  [
    'website',
    {
      action: 'GetBucketWebsite',
      run: missing(
        'NoSuchWebsiteConfiguration',
        'The specified bucket does not have a website configuration',
      ),
    },
  ],
  [
    'lifecycle',
    {
      action: 'GetBucketLifecycleConfiguration',
      run: missing('NoSuchLifecycleConfiguration', 'The lifecycle configuration does not exist'),
    },
  ],
  ['logging', { action: 'GetBucketLogging', run: empty('BucketLoggingStatus') }],
  [
    'notification',
    { action: 'GetBucketNotificationConfiguration', run: empty('NotificationConfiguration') },
  ],
]);
