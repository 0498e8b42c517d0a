/** Ctrl-C, as something to wait for. While one of these is open, it doesn't end the process by itself. */
export class Interrupts {
  private heard: (() => void)[] = [];
  private count = 0;
  private readonly listener = () => {
    this.count += 1;
    // Whoever presses it a third time means it.
    if (this.count > 2) process.exit(130);
    const waiting = this.heard;
    this.heard = [];
    for (const hear of waiting) hear();
  };

  constructor() {
    process.on('SIGINT', this.listener);
  }

  next(): Promise<void> {
    return new Promise((resolve) => this.heard.push(resolve));
  }

  /** Whether another one comes within so many milliseconds. */
  async within(milliseconds: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<false>(
      (resolve) => (timer = setTimeout(() => resolve(false), milliseconds)),
    );
    const again = this.next().then(() => true);
    return await Promise.race([again, late]).finally(() => clearTimeout(timer));
  }

  close(): void {
    process.off('SIGINT', this.listener);
  }
}

/** Thrown where a Ctrl-C ended a command before there was anything to detach from. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
}

/** Does work that a Ctrl-C ends: its signal is aborted, and the work is to end soon after. */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const interrupts = new Interrupts();
  const stop = new AbortController();
  void interrupts.next().then(() => stop.abort(new InterruptedError('interrupted')));
  try {
    return await work(stop.signal);
  } catch (error) {
    // However the work words it: it ended because it was told to.
    if (stop.signal.aborted) throw new InterruptedError('interrupted', { cause: error });
    throw error;
  } finally {
    interrupts.close();
  }
}
