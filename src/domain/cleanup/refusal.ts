/** What DeleteStack said instead of accepting, read from its message: the codes are all ValidationError. */
export type Refusal =
  | { kind: 'protected' }
  | { kind: 'busy'; status: string }
  | { kind: 'export-in-use'; exportName?: string; importers: string[] }
  | { kind: 'role-gone' }
  /** RetainResources and FORCE_DELETE_STACK are accepted from DELETE_FAILED only. */
  | { kind: 'not-failed' }
  | { kind: 'access-denied' }
  | { kind: 'other' };

/** Reads the error of a DeleteStack (or the reason of an event that cancelled one). */
export function readRefusal(code: string, message: string): Refusal {
  // The brackets around the stack's name are missing in some regions (ekristen/aws-nuke#703).
  if (/cannot be deleted while TerminationProtection is enabled/i.test(message))
    return { kind: 'protected' };
  const busy = /cannot be deleted while in status (\w+)/i.exec(message);
  if (busy?.[1]) return { kind: 'busy', status: busy[1] };
  const inUse = readExportInUse(message);
  if (inUse) return inUse;
  if (/role .* is invalid or cannot be assumed/i.test(message)) return { kind: 'role-gone' };
  if (/only when the stack is in the DELETE_FAILED state|RetainResources/i.test(message))
    return { kind: 'not-failed' };
  if (
    /AccessDenied|Unauthorized|NotAuthorized/i.test(code) ||
    /not authorized to perform/i.test(message)
  ) {
    return { kind: 'access-denied' };
  }
  return { kind: 'other' };
}

/**
 * The three ways in which "an export is in use" shows: an event "Delete canceled. Cannot delete
 * export X as it is in use by Y", one "Export X cannot be deleted as it is in use by Y and Z", and
 * a refusal at once, "Export X is imported by stack Y".
 */
export function readExportInUse(
  message: string,
): (Refusal & { kind: 'export-in-use' }) | undefined {
  const match =
    /export '?([^\s']+)'? (?:cannot be deleted )?as it is in use by (.+?)\.?$/is.exec(message) ??
    /export '?([^\s']+)'? (?:is|being) imported by (?:stacks?:? )?(.+?)\.?$/is.exec(message);
  if (!match?.[1] || !match[2]) return undefined;
  const importers = match[2].split(/,\s*(?:and\s+)?|\s+and\s+/).map(unquote);
  return {
    kind: 'export-in-use',
    exportName: match[1],
    importers: importers.filter((name) => name !== ''),
  };
}

function unquote(name: string): string {
  return name.trim().replace(/^['"[]+|['"\].]+$/g, '');
}
