import type { Directory } from '../fleet/directory.js';
import type { PlacedLogGroup } from './settings.js';
import type { LogStore } from './store.js';

/** Puts the fleet's log groups there. */
export function seedLogGroup(store: LogStore, directory: Directory, group: PlacedLogGroup): void {
  const { region, name, retentionDays } = group;
  const accountId = placeOf(directory, group);
  store.openGroup({ accountId, region, group: name }, { retentionDays });
  for (const { name: stream, lines } of group.streams) {
    const place = { accountId, region, group: name, stream };
    store.openStream(place);
    const start = store.now() - Math.max(0, lines.length - 1) * 1000;
    const events = lines.map((message, index) => ({ timestamp: start + index * 1000, message }));
    store.append(place, events);
  }
}

function placeOf(directory: Directory, group: PlacedLogGroup): string {
  const account = directory.account(group.account);
  if (!account)
    throw new Error(
      `logGroups: ${group.name} is in account "${group.account}", which the fleet hasn't; it has ${directory
        .list()
        .map(({ name }) => name)
        .join(', ')}`,
    );
  const regions = directory.regions(account);
  if (!regions.includes(group.region))
    throw new Error(
      `logGroups: ${group.name} is in "${group.region}", which is not enabled in ${account.name}; its regions are ${regions.join(', ')}`,
    );
  return account.id;
}
