import { z } from 'zod';

/**
 * Reads a secret as CodeBuild names it: `<name or ARN>[:json-key[:version-stage[:version-id]]]` (guide, buildspec
 * reference, `env/secrets-manager`). The sandbox's secrets have one version.
 */
export function readSecret(
  secrets: Readonly<Record<string, string>>,
  reference: string,
): string | undefined {
  const { name, key } = parseReference(reference);
  const text = secrets[name] ?? secrets[withoutSuffix(name)];
  if (text === undefined || key === undefined) return text;
  const fields = z.record(z.string(), z.unknown()).safeParse(jsonOf(text));
  const value = fields.success ? fields.data[key] : undefined;
  return value === undefined || typeof value === 'string' ? value : JSON.stringify(value);
}

function parseReference(reference: string): { name: string; key: string | undefined } {
  const isArn = reference.startsWith('arn:');
  const parts = reference.split(':');
  // arn:aws:secretsmanager:<region>:<account>:secret:<name>
  const [name = '', key] = isArn ? parts.slice(6) : parts;
  return { name, key: key === '' ? undefined : key };
}

/** An ARN ends in a hyphen and six letters or digits that are not part of the name. */
function withoutSuffix(name: string): string {
  return name.replace(/-[A-Za-z0-9]{6}$/, '');
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
