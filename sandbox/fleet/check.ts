import { Directory } from './directory.js';
import { placedStacks } from './placed.js';
import type { Fleet } from './schema.js';
import type { PlacedStack, StackSpec } from './stack-schema.js';

interface Issue {
  path: string;
  message: string;
}

/** What the shape of a fleet can't show: accounts and regions that aren't there, names twice, exports missing. */
export function checkFleet(fleet: Fleet): Issue[] {
  const directory = new Directory(fleet);
  const places = [
    ...fleet.stacks.map((item, index) => ({ ...item, path: `stacks[${index}]` })),
    ...fleet.buckets.map((item, index) => ({ ...item, path: `buckets[${index}]` })),
    ...fleet.snapshots.map((item, index) => ({ ...item, path: `snapshots[${index}]` })),
    ...fleet.projects.flatMap(({ account, region, image }, index) =>
      [region, ...(image?.regions ?? [])].map((each) => ({
        account,
        region: each,
        path: `projects[${index}]`,
      })),
    ),
    ...fleet.images.map((item, index) => ({ ...item, path: `images[${index}]` })),
    ...fleet.imagePipelines.flatMap((item, index) =>
      [item.region, ...item.regions].map((region) => ({
        account: item.account,
        region,
        path: `imagePipelines[${index}]`,
      })),
    ),
  ];
  const misplaced = [
    ...twice(fleet),
    ...projectsTwice(directory),
    ...imagesTwice(fleet),
    ...places.flatMap((place) => checkPlace(directory, place)),
    ...fleet.generate.flatMap((section, index) =>
      (section.accounts ?? []).flatMap((name) =>
        directory.account(name)
          ? []
          : [unknownAccount(directory, `generate[${index}].accounts`, name)],
      ),
    ),
    ...fleet.parameters.flatMap((parameter, index) =>
      parameter.account === undefined || directory.account(parameter.account)
        ? []
        : [unknownAccount(directory, `parameters[${index}].account`, parameter.account)],
    ),
  ];
  return misplaced.length > 0 ? misplaced : [...checkStacks(fleet), ...bucketsTwice(fleet)];
}

function twice(fleet: Fleet): Issue[] {
  const seen = new Set<string>();
  return fleet.accounts.flatMap((account, index) =>
    [account.id, account.name].flatMap((key) => {
      if (!seen.has(key)) {
        seen.add(key);
        return [];
      }
      return [{ path: `accounts[${index}]`, message: `${key} is there twice` }];
    }),
  );
}

function projectsTwice(directory: Directory): Issue[] {
  const seen = new Set<string>();
  return directory.fleet.projects.flatMap(({ account, region, name }, index) => {
    const key = `${directory.account(account)?.id ?? account}/${region}/${name}`;
    if (seen.has(key))
      return [{ path: `projects[${index}]`, message: `project "${name}" is there twice` }];
    seen.add(key);
    return [];
  });
}

/** Ids are global; names are unique only among what is registered, which a fleet's need not be. */
function imagesTwice({ images }: Fleet): Issue[] {
  const seen = new Set<string>();
  return images.flatMap(({ id }, index) => {
    if (id === undefined) return [];
    if (seen.has(id)) return [{ path: `images[${index}]`, message: `image ${id} is there twice` }];
    seen.add(id);
    return [];
  });
}

/** Bucket names are global, and a stack's bucket is its own. */
function bucketsTwice(fleet: Fleet): Issue[] {
  const owned = new Set<string>();
  const issues: Issue[] = [];
  const claim = (taken: Set<string>, path: string, name: string) => {
    if (taken.has(name)) issues.push({ path, message: `bucket "${name}" is there twice` });
    taken.add(name);
  };
  for (const stack of placedStacks(fleet))
    for (const spec of flatten(stack))
      for (const name of spec.buckets) claim(owned, place(stack), name);
  const listed = new Set<string>();
  fleet.buckets.forEach(({ name }, index) => claim(listed, `buckets[${index}]`, name));
  return issues;
}

function checkPlace(
  directory: Directory,
  place: { account: string; region: string; path: string },
): Issue[] {
  const account = directory.account(place.account);
  if (!account) return [unknownAccount(directory, `${place.path}.account`, place.account)];
  const regions = directory.regions(account);
  if (regions.includes(place.region)) return [];
  const message = `"${place.region}" is not enabled in ${account.name}; its regions are ${regions.join(', ')}`;
  return [{ path: `${place.path}.region`, message }];
}

function unknownAccount(directory: Directory, path: string, name: string): Issue {
  const known = directory.list().map((account) => account.name);
  return { path, message: `no account "${name}"; the fleet has ${known.join(', ')}` };
}

function checkStacks(fleet: Fleet): Issue[] {
  const names = new Set<string>();
  const exporters = new Set<string>();
  const issues: Issue[] = [];
  const stacks = placedStacks(fleet).flatMap((stack) =>
    flatten(stack).map((spec) => ({ stack, spec })),
  );
  const claim = (taken: Set<string>, stack: PlacedStack, name: string, what: string) => {
    const key = `${stack.account}/${stack.region}/${name}`;
    if (taken.has(key))
      issues.push({ path: place(stack), message: `${what} "${name}" is there twice` });
    taken.add(key);
  };
  for (const { stack, spec } of stacks) {
    if (spec.status === 'DELETE_COMPLETE') continue;
    claim(names, stack, spec.name, 'stack');
    for (const exported of spec.exports)
      claim(exporters, stack, typeof exported === 'string' ? exported : exported.name, 'export');
  }
  for (const { stack, spec } of stacks)
    for (const name of spec.imports)
      if (!exporters.has(`${stack.account}/${stack.region}/${name}`))
        issues.push({
          path: place(stack),
          message: `${spec.name} imports "${name}", which no stack of ${stack.account}/${stack.region} exports`,
        });
  return issues;
}

function place(stack: PlacedStack): string {
  return `stack ${stack.account}/${stack.region}/${stack.name}`;
}

function flatten(spec: StackSpec): StackSpec[] {
  return [spec, ...spec.nested.flatMap(flatten)];
}
