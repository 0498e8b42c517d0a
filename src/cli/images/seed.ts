import { type Command, Option } from 'commander';
import { formatCount, plural } from '../../report/format.js';
import { exitCodes } from '../exit.js';
import { type Output, printJson } from '../output.js';
import { unlessLeft } from './leave.js';
import { type AtWork, type LineFlags, lineSubcommand, withLine } from './line-command.js';

interface SeedFlags extends LineFlags {
  from: 'images' | 'tracker';
}

/** `nightshift images seed` */
export function seedCommand(parent: Command, output: Output): void {
  lineSubcommand(parent, 'seed', 'record as built what is there already; builds nothing')
    .addOption(
      new Option('--from <source>', 'where to look: tags of images, or the tracker’s store')
        .choices(['images', 'tracker'])
        .default('images'),
    )
    .action((name: string, flags: SeedFlags) =>
      withLine(name, flags, output, (at) => seed(at, flags)),
    );
}

async function seed(at: AtWork, { from, json }: SeedFlags): Promise<number> {
  const { line, output } = at;
  return await unlessLeft(at, async (signal) => {
    const result = await line.seed({ from }, signal);
    const { found, added } = result;
    if (json) printJson(output, result);
    else
      output.print(
        `${plural(found, 'image')} found by ${from === 'images' ? 'their tags' : 'the tracker'}, ${formatCount(added)} added to the record`,
      );
    return exitCodes.done;
  });
}
