import { Directory } from './directory.js';
import { generateStacks } from './generate.js';
import type { Fleet } from './schema.js';
import type { PlacedStack } from './stack-schema.js';

/** Every root stack of a fleet, written out or generated, with its account's id. */
export function placedStacks(fleet: Fleet): PlacedStack[] {
  const directory = new Directory(fleet);
  const written = fleet.stacks.flatMap((stack) => {
    const account = directory.account(stack.account);
    return account ? [{ ...stack, account: account.id }] : [];
  });
  const generated = fleet.generate.flatMap((section) =>
    directory
      .list()
      .filter(({ id, name }) =>
        section.accounts
          ? section.accounts.includes(id) || section.accounts.includes(name)
          : id !== fleet.managementAccount,
      )
      .flatMap((account) =>
        directory
          .regions(account)
          .filter((region) => section.regions?.includes(region) ?? true)
          .flatMap((region) => generateStacks(section, account.id, region)),
      ),
  );
  return [...written, ...generated];
}
