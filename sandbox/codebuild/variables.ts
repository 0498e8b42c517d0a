export const variableTypes = ['PLAINTEXT', 'PARAMETER_STORE', 'SECRETS_MANAGER'] as const;
export type VariableType = (typeof variableTypes)[number];

/** An environment variable of a build: its text, or the name of the parameter or secret that holds it. */
export interface Variable {
  name: string;
  value: string;
  type: VariableType;
}

/** Variables in order, where a later one takes the place of an earlier one of its name. */
export function mergeVariables(...lists: readonly (readonly Variable[])[]): Variable[] {
  const byName = new Map<string, Variable>();
  for (const variable of lists.flat()) byName.set(variable.name, variable);
  return [...byName.values()];
}

/** Where the values are that a variable only names; undefined where there is none of that name. */
export interface ValueSources {
  parameter(name: string): string | undefined;
  secret(reference: string): string | undefined;
}

export type Resolution =
  { kind: 'values'; values: Record<string, string> } | { kind: 'missing'; variable: Variable };

export function resolveVariables(
  variables: readonly Variable[],
  sources: ValueSources,
): Resolution {
  const values: Record<string, string> = {};
  for (const variable of variables) {
    const value = valueOf(variable, sources);
    if (value === undefined) return { kind: 'missing', variable };
    values[variable.name] = value;
  }
  return { kind: 'values', values };
}

function valueOf({ type, value }: Variable, sources: ValueSources): string | undefined {
  switch (type) {
    case 'PLAINTEXT':
      return value;
    case 'PARAMETER_STORE':
      return sources.parameter(value);
    case 'SECRETS_MANAGER':
      return sources.secret(value);
  }
}
