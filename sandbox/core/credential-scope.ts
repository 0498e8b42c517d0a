/** What a SigV4 signature says about a request. The signature itself is not checked. */
export interface CredentialScope {
  accessKeyId: string;
  region: string;
  service: string;
  sessionToken?: string;
}

const credential = /Credential=([^/,\s]+)\/\d{8}\/([^/,\s]+)\/([^/,\s]+)\/aws4_request/;

/** Reads the `Authorization` header or, of a presigned URL, the query. Undefined when nothing was signed. */
export function credentialScope(
  headers: Record<string, string>,
  query: URLSearchParams,
): CredentialScope | undefined {
  const header = headers['authorization'];
  const presigned = query.get('X-Amz-Credential');
  const source = header ?? (presigned === null ? '' : `Credential=${presigned}`);
  const [, accessKeyId, region, service] = credential.exec(source) ?? [];
  if (accessKeyId === undefined || region === undefined || service === undefined) return undefined;
  const sessionToken =
    headers['x-amz-security-token'] ?? query.get('X-Amz-Security-Token') ?? undefined;
  return { accessKeyId, region, service, ...(sessionToken === undefined ? {} : { sessionToken }) };
}
