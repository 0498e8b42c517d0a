import type { ParameterType } from '@aws-sdk/client-ssm';
import { NightshiftError } from '../../../domain/errors.js';
import { partName } from '../../../domain/images/tracker/parts.js';
import { type SsmParameters, namesPerCall } from './ssm-parameters.js';

/** Generations that are looked at, for a free one as for what is left of older ones. */
const generationsBack = 10;

/** The parts of a tracker: `<name>.<generation>.<part>`. A part is written once and never changed. */
export class SsmParts {
  constructor(
    private readonly parameters: SsmParameters,
    private readonly name: string,
  ) {}

  /**
   * Writes the pieces as parts of a generation: the first one from `from` on that no other tracker has a part of, as a
   * writer that died may have left some. Its own, from before it died, are taken for written.
   */
  async write(
    pieces: readonly string[],
    from: number,
    type: ParameterType,
  ): Promise<{ generation: number; parts: string[] }> {
    for (let generation = from; generation < from + generationsBack; generation += 1) {
      const parts = pieces.map((_, index) => partName(this.name, generation, index + 1));
      if (await this.writeAll(parts, pieces, type)) return { generation, parts };
    }
    throw new NightshiftError(
      'TargetBusy',
      `parts of ${generationsBack} other trackers are there that ${this.name} does not name`,
      { hint: `delete the SSM parameters whose names begin with ${this.name}.`, retryable: true },
    );
  }

  private async writeAll(
    names: readonly string[],
    pieces: readonly string[],
    type: ParameterType,
  ): Promise<boolean> {
    for (const [index, name] of names.entries())
      if (!(await this.parameters.create(name, pieces[index] ?? '', type))) return false;
    return true;
  }

  /** What these parts make together; undefined where one is missing. */
  async read(names: readonly string[]): Promise<string | undefined> {
    let text = '';
    for (let from = 0; from < names.length; from += namesPerCall) {
      const some = names.slice(from, from + namesPerCall);
      const found = await this.parameters.some(some);
      for (const name of some) {
        const part = found.get(name);
        if (part === undefined) return undefined;
        text += part;
      }
    }
    return text;
  }

  /** Deletes parts of the last generations up to `newest`, but for those of `keep`. */
  async sweep(newest: number, keep: readonly number[], atLeast = 0): Promise<void> {
    const generations = Array.from({ length: generationsBack }, (_, back) => newest - back).filter(
      (generation) => generation > 0 && !keep.includes(generation),
    );
    if (generations.length === 0) return;
    const firsts = new Map(generations.map((each) => [partName(this.name, each, 1), each]));
    const there = await this.parameters.some([...firsts.keys()]);
    for (const [first, generation] of firsts)
      if (there.has(first)) await this.remove(generation, first, atLeast);
  }

  /** The first part goes last: while it is there, somebody comes back for what is left. */
  private async remove(generation: number, first: string, atLeast: number): Promise<void> {
    for (let part = 2; ; part += namesPerCall) {
      const names = Array.from({ length: namesPerCall }, (_, index) =>
        partName(this.name, generation, part + index),
      );
      const deleted = await this.parameters.delete(names);
      // A gap is what an earlier sweep has got to.
      if (deleted === 0 && part > atLeast) break;
    }
    await this.parameters.delete([first]);
  }
}
