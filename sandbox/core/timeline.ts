/**
 * What will happen in the sandbox, in order of sandbox time. Nothing here uses a timer: every request first lets
 * all that is due by now happen, each at its own moment, so the order of effects never depends on when a client asks.
 */
export class Timeline {
  private readonly heap: Entry[] = [];
  private sequence = 0;
  private advancing = false;

  /** Lets `happen` run once sandbox time has reached `time` (ms since the epoch); it is given that very time. */
  at(time: number, happen: (time: number) => void): void {
    const entry = { time, order: this.sequence++, happen };
    this.heap.push(entry);
    this.rise(this.heap.length - 1);
  }

  /** Runs everything due by `now`, oldest first, including what those events themselves schedule up to `now`. */
  advance(now: number): void {
    if (this.advancing) return;
    this.advancing = true;
    try {
      for (let next = this.heap[0]; next && next.time <= now; next = this.heap[0]) {
        this.removeFirst();
        next.happen(next.time);
      }
    } finally {
      this.advancing = false;
    }
  }

  private removeFirst(): void {
    const last = this.heap.pop();
    if (last === undefined || this.heap.length === 0) return;
    this.heap[0] = last;
    this.sink(0);
  }

  private rise(start: number): void {
    let index = start;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.swapIfBefore(index, parent)) return;
      index = parent;
    }
  }

  private sink(start: number): void {
    let index = start;
    for (;;) {
      const left = 2 * index + 1;
      const right = left + 1;
      const child = this.isBefore(right, left) ? right : left;
      if (!this.swapIfBefore(child, index)) return;
      index = child;
    }
  }

  private isBefore(a: number, b: number): boolean {
    const first = this.heap[a];
    const second = this.heap[b];
    if (first === undefined || second === undefined) return false;
    return first.time < second.time || (first.time === second.time && first.order < second.order);
  }

  private swapIfBefore(a: number, b: number): boolean {
    const first = this.heap[a];
    const second = this.heap[b];
    if (first === undefined || second === undefined || !this.isBefore(a, b)) return false;
    this.heap[a] = second;
    this.heap[b] = first;
    return true;
  }
}

interface Entry {
  time: number;
  order: number;
  happen: (time: number) => void;
}
