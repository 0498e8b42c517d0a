import { RegexProblem } from './syntax.js';

/** Goes through a pattern code point by code point. */
export class PatternReader {
  private position = 0;

  constructor(private readonly pattern: string) {}

  get done(): boolean {
    return this.position >= this.pattern.length;
  }

  /** The next character; empty at the end. */
  peek(): string {
    return this.done ? '' : String.fromCodePoint(this.pattern.codePointAt(this.position) ?? 0);
  }

  at(text: string): boolean {
    return this.pattern.startsWith(text, this.position);
  }

  /** The code point of the next character, which is passed. Throws RegexProblem at the end. */
  next(): number {
    const code = this.pattern.codePointAt(this.position);
    if (code === undefined) throw new RegexProblem('it ends too soon');
    this.position += code > 0xffff ? 2 : 1;
    return code;
  }

  take(text: string): boolean {
    const there = this.at(text);
    if (there) this.skip(text);
    return there;
  }

  skip(text: string): void {
    this.position += text.length;
  }

  /** `sticky` must have the flag y. */
  match(sticky: RegExp): RegExpExecArray | undefined {
    sticky.lastIndex = this.position;
    return sticky.exec(this.pattern) ?? undefined;
  }

  atMatch(sticky: RegExp): boolean {
    return this.match(sticky) !== undefined;
  }

  takeMatch(sticky: RegExp): RegExpExecArray | undefined {
    const found = this.match(sticky);
    if (found) this.skip(found[0]);
    return found;
  }
}
