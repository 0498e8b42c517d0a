/** A call that Buildkite refuses: answered with the status and `{"message"}`. */
export class BuildkiteRefusal extends Error {
  override readonly name = 'BuildkiteRefusal';

  constructor(
    readonly status: number,
    message: string,
    readonly more: {
      headers?: Record<string, string>;
      /** Beside `message` in the body. */
      fields?: Record<string, unknown>;
    } = {},
  ) {
    super(message);
  }
}

export const badRequest = (message: string) => new BuildkiteRefusal(400, message);
export const unauthorized = (message: string) => new BuildkiteRefusal(401, message);
export const notFound = (message: string) => new BuildkiteRefusal(404, message);
export const unprocessable = (message: string) => new BuildkiteRefusal(422, message);
