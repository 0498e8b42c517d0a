import { resourceTypeOf, strikes, type StackFailure } from './failures.js';
import type { Resource, Stack } from './model.js';

/** Why this resource can't be deleted now, in the words of its service; undefined when it can. */
export function failureReason(
  stack: Stack,
  resource: Resource,
  startedAt: number,
  time: number,
): string | undefined {
  for (const failure of stack.failures) {
    const reason = wording(stack, failure, resource);
    if (reason === undefined || struckResource(stack, failure) !== resource) continue;
    if (strikes(failure, startedAt, time)) return reason;
  }
  return undefined;
}

export function bucketNotEmpty(bucket: string): string {
  return `Resource handler returned message: "The bucket you tried to delete is not empty (Service: S3, Status Code: 409, Request ID: 4T9DY3ZC1HQ0RWAF) (SDK Attempt Count: 1)" (RequestToken: ${bucket}, HandlerErrorCode: GeneralServiceException) (Service: Amazon S3; Status Code: 409; Error Code: BucketNotEmpty)`;
}

function struckResource(stack: Stack, failure: StackFailure): Resource | undefined {
  const { spec } = failure;
  const named = 'resource' in spec ? spec.resource : undefined;
  const type = resourceTypeOf(spec);
  return stack.resources.find((resource) =>
    named === undefined ? resource.type === type : resource.logicalId === named,
  );
}

function wording(stack: Stack, failure: StackFailure, resource: Resource): string | undefined {
  const { physicalId } = resource;
  switch (failure.spec.kind) {
    case 'bucketNotEmpty':
      return bucketNotEmpty(physicalId);
    case 'replicatedFunction':
      return `Resource handler returned message: "Lambda was unable to delete ${physicalId} because it is a replicated function. Please see our documentation for Deleting Lambda@Edge Functions and Replicas. (Service: Lambda, Status Code: 400)" (HandlerErrorCode: InvalidRequest)`;
    case 'dependencyViolation':
      return `resource ${physicalId} has a dependent object (Service: AmazonEC2; Status Code: 400; Error Code: DependencyViolation; Proxy: null)`;
    case 'rateExceeded':
      return `Resource handler returned message: "Error occurred during operation 'Rate exceeded (Service: ApiGateway, Status Code: 429, Request ID: 06e67a1b-0782-467f-ba16-5a3a00b14eac)'." (RequestToken: ${stack.uuid}, HandlerErrorCode: GeneralServiceException)`;
    case 'generic':
      return (
        failure.spec.reason ??
        `Resource handler returned message: "${physicalId} could not be deleted" (HandlerErrorCode: GeneralServiceException)`
      );
    case 'networkInterfaces':
    case 'roleGone':
    case 'refused':
      return undefined;
  }
}
