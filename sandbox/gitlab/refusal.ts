/** A call that GitLab refuses: the status, and the JSON of its body. */
export class GitlabRefusal extends Error {
  override readonly name = 'GitlabRefusal';

  constructor(
    readonly status: number,
    readonly json: unknown,
    readonly headers: Record<string, string> = {},
  ) {
    super(JSON.stringify(json));
  }
}

const said = (status: number, message: unknown) => new GitlabRefusal(status, { message });

export const unauthorized = () => said(401, '401 Unauthorized');
export const forbidden = () => said(403, '403 Forbidden');
/** `what` as GitLab names it: `Project`, `Pipeline`, `Job`. */
export const notFound = (what = '') =>
  said(404, what === '' ? '404 Not found' : `404 ${what} Not Found`);
export const tooLarge = () => said(413, '413 Request Entity Too Large');
/** A model that isn't valid: `{"message":{"name":["has already been taken"]}}`. */
export const invalid = (field: string, ...messages: string[]) => said(400, { [field]: messages });
export const badRequest = (message: string) => said(400, message);
/** Parameters that Grape doesn't take: `{"error":"ref is missing"}`. */
export const badParameters = (error: string) => new GitlabRefusal(400, { error });
