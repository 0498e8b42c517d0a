import type { Stack } from './model.js';

/** The stacks of one account in one region. */
export class TargetStacks {
  /** Every stack in order of creation, those that are gone included: a position in it never changes. */
  readonly ordered: Stack[] = [];
  /** Logical resources of the operations that are under way, against ConcurrentResourcesLimit. */
  busyResources = 0;
  private readonly living = new Map<string, Stack>();
  private readonly byId = new Map<string, Stack>();
  private readonly generations = new Map<string, number>();
  private readonly exporters = new Map<string, Stack>();
  private readonly importersOf = new Map<string, Set<Stack>>();

  /** Stacks that aren't deleted. */
  get livingCount(): number {
    return this.living.size;
  }

  /** How many stacks of this name there have been. */
  generationOf(name: string): number {
    return this.generations.get(name) ?? 0;
  }

  add(stack: Stack): void {
    this.ordered.push(stack);
    this.byId.set(stack.id, stack);
    this.generations.set(stack.name, this.generationOf(stack.name) + 1);
    if (stack.isDeleted) return;
    this.living.set(stack.name, stack);
    for (const name of stack.imports) {
      const importers = this.importersOf.get(name) ?? new Set();
      this.importersOf.set(name, importers.add(stack));
    }
  }

  /** Once it has come up: what it exports can be imported. */
  publishExports(stack: Stack): void {
    for (const name of stack.exportNames) this.exporters.set(name, stack);
  }

  releaseImports(stack: Stack): void {
    for (const name of stack.imports) this.importersOf.get(name)?.delete(stack);
  }

  /** Once DELETE_COMPLETE: the name is free, its exports are gone, what it imported is no longer in use. */
  retire(stack: Stack): void {
    this.living.delete(stack.name);
    for (const name of stack.exportNames)
      if (this.exporters.get(name) === stack) this.exporters.delete(name);
    this.releaseImports(stack);
  }

  /** A living stack by name, or any by its StackId. */
  find(nameOrId: string): Stack | undefined {
    return this.living.get(nameOrId) ?? this.byId.get(nameOrId);
  }

  exporterOf(exportName: string): Stack | undefined {
    return this.exporters.get(exportName);
  }

  exports(): ReadonlyMap<string, Stack> {
    return this.exporters;
  }

  importers(exportName: string): Stack[] {
    return [...(this.importersOf.get(exportName) ?? [])];
  }
}

/** All stacks of the sandbox. */
export class Stacks {
  private readonly targets = new Map<string, TargetStacks>();

  target(accountId: string, region: string): TargetStacks {
    const key = `${accountId}/${region}`;
    let target = this.targets.get(key);
    if (!target) {
      target = new TargetStacks();
      this.targets.set(key, target);
    }
    return target;
  }

  /** Every stack of every target, the deleted ones included. */
  *all(): Generator<Stack> {
    for (const target of this.targets.values()) yield* target.ordered;
  }
}
