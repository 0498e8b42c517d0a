import { AwsError } from '../../core/aws-error.js';
import { element } from '../../core/xml.js';
import { members, numbered, required, type Ec2Action, type Ec2Call } from '../call.js';
import type { Ec2Parts } from '../parts.js';

/** ModifySnapshotAttribute: which accounts may make volumes, and so copies, of a snapshot. */
export function modifySnapshotAttribute(parts: Ec2Parts): Ec2Action {
  return (call) => {
    const snapshot = parts.snapshots.require(call, required(call, 'SnapshotId'));
    const { add, remove } = changesOf(call);
    if (add.length + remove.length === 0)
      throw new AwsError(
        'MissingParameter',
        'The request must contain the parameter CreateVolumePermission',
      );
    for (const account of [...add, ...remove]) requireAccount(account);
    for (const account of add) snapshot.sharedWith.add(account);
    for (const account of remove) snapshot.sharedWith.delete(account);
    return { xml: element('return', true), subject: snapshot.id, effective: true };
  };
}

/** `CreateVolumePermission.Add.1.UserId`, or the older `OperationType=add` with `UserId.1`. */
function changesOf(call: Ec2Call): { add: string[]; remove: string[] } {
  const users = (list: string) =>
    members(call, `CreateVolumePermission.${list}`).flatMap(
      (prefix) => call.parameters.get(`${prefix}.UserId`) ?? [],
    );
  const listed = numbered(call, 'UserId');
  const operation = call.parameters.get('OperationType');
  return {
    add: [...users('Add'), ...(operation === 'add' ? listed : [])],
    remove: [...users('Remove'), ...(operation === 'remove' ? listed : [])],
  };
}

function requireAccount(account: string): void {
  if (!/^\d{12}$/.test(account))
    throw new AwsError('InvalidParameterValue', `Invalid value '${account}' for userId`);
}
