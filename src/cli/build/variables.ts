import { type Variable, buildOverridesShape } from '../../domain/builds/overrides.js';
import type { InputIssue } from '../../domain/errors.js';

/** Flags that set a variable of the build, as they were given. */
export interface VariableFlags {
  env?: string[];
  envSsm?: string[];
  envSecret?: string[];
}

interface Kind {
  flag: string;
  /** What follows the `=`. */
  what: string;
  of: (value: string) => Variable;
}

const kinds: Record<keyof VariableFlags, Kind> = {
  env: { flag: '--env', what: 'VALUE', of: (value) => value },
  envSsm: { flag: '--env-ssm', what: '/parameter', of: (ssm) => ({ ssm }) },
  envSecret: { flag: '--env-secret', what: 'secret', of: (secret) => ({ secret }) },
};

export interface Variables {
  env: Record<string, Variable>;
  /** The flag that set each variable, for errors found later. */
  flagOf: Map<string, string>;
  issues: InputIssue[];
}

/** Checked here, where the value, which an error of the whole request would show, is out of sight. */
const nameSchema = buildOverridesShape.env.unwrap().keyType;

/** Reads NAME=value from the flags. Values may be secrets, so that no error shows one. */
export function readVariables(flags: VariableFlags, source: string): Variables {
  const read: Variables = { env: {}, flagOf: new Map(), issues: [] };
  for (const key of ['env', 'envSsm', 'envSecret'] as const) {
    for (const text of flags[key] ?? []) readVariable(text, kinds[key], { read, source });
  }
  return read;
}

function readVariable(
  text: string,
  { flag, what, of }: Kind,
  { read, source }: { read: Variables; source: string },
): void {
  const refuse = (message: string) => read.issues.push({ source, path: flag, message });
  const sign = text.indexOf('=');
  const name = sign === -1 ? text : text.slice(0, sign);
  if (sign === -1) {
    // Without a name, what was given may be the value.
    const shown = /^[A-Za-z_]\w{0,59}$/.test(name) ? `"${name}" has no =` : 'has no =';
    refuse(`${shown}: must be NAME=${what}`);
    return;
  }
  if (name === '') {
    refuse(`has no name before the =: must be NAME=${what}`);
    return;
  }
  const earlier = read.flagOf.get(name);
  if (earlier !== undefined) {
    refuse(
      `"${name}" is given twice${earlier === flag ? '' : ` (${earlier} has it, too)`}: must be given once`,
    );
    return;
  }
  read.flagOf.set(name, flag);
  const wrong = nameSchema.safeParse(name).error?.issues[0]?.message;
  if (wrong !== undefined) {
    refuse(`"${name}" is not allowed: ${wrong}`);
    return;
  }
  read.env[name] = of(text.slice(sign + 1));
}
