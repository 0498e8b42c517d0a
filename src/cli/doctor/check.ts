import type { NightshiftError } from '../../domain/errors.js';
import { exitCodes } from '../exit.js';

/** One thing that was looked at. */
export interface Check {
  name: string;
  ok: boolean;
  /** What was found. */
  detail: string;
  /** How to mend it, where it isn’t ok. */
  mend?: string;
  /** What the command’s exit code says of it, where it isn’t ok; absent where that is no obstacle. */
  exitCode?: number;
}

/** A check that an error ended. */
export function failed(name: string, { message, hint, code }: NightshiftError): Check {
  return {
    name,
    ok: false,
    detail: message,
    exitCode:
      code === 'AwsAccess'
        ? exitCodes.noAccess
        : code === 'InvalidInput'
          ? exitCodes.usage
          : exitCodes.failed,
    ...(hint === undefined ? {} : { mend: hint }),
  };
}
