import type { Clock } from '../core/clock.js';
import { Mirror } from './mirror.js';
import type { MirrorSpec } from './schema.js';
import { MirrorService } from './service.js';

/** The sandbox's package mirrors. */
export class Mirrors {
  readonly service: MirrorService;
  private readonly byName: ReadonlyMap<string, Mirror>;

  /** @throws RangeError for a folder that isn't there */
  constructor(
    specs: readonly MirrorSpec[],
    readonly clock: Clock,
  ) {
    this.byName = new Map(specs.map((spec) => [spec.name, new Mirror(spec, clock.now())]));
    this.service = new MirrorService(this.byName, () => clock.now());
  }

  all(): Mirror[] {
    return [...this.byName.values()];
  }

  find(name: string): Mirror | undefined {
    return this.byName.get(name);
  }
}
