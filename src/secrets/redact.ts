/** What stands where a secret stood. */
export const redacted = '[redacted]';

/**
 * Removes secrets from text that people may read: as they are, and as a URL or a JSON text writes them.
 * Empty secrets are passed over.
 */
export function redact(text: string, secrets: readonly (string | undefined)[]): string {
  const forms = secrets.flatMap((secret) => (secret === undefined ? [] : formsOf(secret)));
  // The longest first: a secret may hold another, and no end of it may be left.
  return [...new Set(forms)]
    .toSorted((a, b) => b.length - a.length)
    .reduce((rest, form) => rest.replaceAll(form, redacted), text);
}

function formsOf(secret: string): string[] {
  if (secret.trim() === '') return [];
  // Half a surrogate pair has no form in a URL.
  const encoded = /\p{Surrogate}/u.test(secret) ? [] : [encodeURIComponent(secret)];
  return [secret, secret.trim(), JSON.stringify(secret).slice(1, -1), ...encoded];
}
