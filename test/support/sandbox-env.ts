/** What the AWS SDK finds in its environment so that it speaks to a sandbox, as the management account. */
export function sandboxEnv(url: string, region: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: '000000000000',
    AWS_SECRET_ACCESS_KEY: 'sandbox',
    AWS_REGION: region,
  };
}
