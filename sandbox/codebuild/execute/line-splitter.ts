const lineBreak = 0x0a;
const none = Buffer.alloc(0);

/**
 * Makes log messages of a command's output: one a line with its line break, or a part of a line where it is longer
 * than a message may be. Bytes of a letter stay together. A mark that the shell writes after each command, followed by
 * its exit status and a line break, is taken out.
 */
export class LineSplitter {
  private rest: Buffer = none;
  private readonly mark: Buffer;

  constructor(
    private readonly maxBytes: number,
    mark: string,
    private readonly onMessages: (messages: string[]) => void,
    private readonly onStatus: (exitStatus: number) => void,
  ) {
    this.mark = Buffer.from(mark);
  }

  push(chunk: Buffer): void {
    let data: Buffer = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    const messages: string[] = [];
    let start = 0;
    for (let end = data.indexOf(lineBreak); end >= 0; end = data.indexOf(lineBreak, start)) {
      this.takeLine(data.subarray(start, end + 1), messages);
      start = end + 1;
    }
    data = data.subarray(start);
    // What has no line break yet may end in the beginning of a mark, so that much is held back.
    while (data.length > this.maxBytes + this.mark.length)
      data = this.takePiece(data, this.maxBytes, messages);
    // A copy, so that a few bytes don't hold a whole chunk.
    this.rest = Buffer.from(data);
    if (messages.length > 0) this.onMessages(messages);
  }

  /** Hands on what has no line break, at the end of the output. */
  flush(): void {
    const messages: string[] = [];
    this.takeText(this.rest, messages);
    this.rest = none;
    if (messages.length > 0) this.onMessages(messages);
  }

  private takeLine(line: Buffer, messages: string[]): void {
    const at = line.indexOf(this.mark);
    if (at < 0) {
      this.takeText(line, messages);
      return;
    }
    this.takeText(line.subarray(0, at), messages);
    if (messages.length > 0) this.onMessages(messages.splice(0));
    this.onStatus(Number(line.subarray(at + this.mark.length).toString()));
  }

  private takeText(text: Buffer, messages: string[]): void {
    while (text.length > this.maxBytes) text = this.takePiece(text, this.maxBytes, messages);
    if (text.length > 0) messages.push(text.toString());
  }

  /** Takes at most so many bytes off the front, and returns what is left. */
  private takePiece(text: Buffer, bytes: number, messages: string[]): Buffer {
    let end = bytes;
    // 10xxxxxx: in the middle of a letter, which has four bytes at most.
    while (end > bytes - 4 && ((text[end] ?? 0) & 0xc0) === 0x80) end--;
    messages.push(text.subarray(0, end).toString());
    return text.subarray(end);
  }
}
