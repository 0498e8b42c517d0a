/** How many bytes of a log its sink had, and since when. */
export interface GrowthStep {
  /** Milliseconds since the epoch. */
  at: number;
  bytes: number;
}

/** How logs grew in their sinks, by the name that a sink knows a log by. */
export class Growths {
  private readonly logs = new Map<string, GrowthStep[]>();

  /** Notes that a log had so many bytes at a time; without effect where it had them before. */
  note(log: string, step: GrowthStep): void {
    const steps = this.logs.get(log) ?? [];
    if (step.bytes <= (steps.at(-1)?.bytes ?? 0)) return;
    steps.push(step);
    this.logs.set(log, steps);
  }

  all(): Record<string, GrowthStep[]> {
    return Object.fromEntries(this.logs);
  }
}
