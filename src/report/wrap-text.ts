// Everything below U+0020, delete, and the C1 range: what a terminal would obey rather than show.
const controls = /[\u0000-\u001f\u007f-\u009f]+/g;

/** Text on one line, without what a terminal would take for a command. */
export function plainText(text: string): string {
  return text.replace(controls, ' ').trim();
}

/** Lines of at most `width` columns. A word that is longer, an ARN say, is broken where the line ends. */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of plainText(text).split(/ +/)) {
    const joined = line === '' ? word : `${line} ${word}`;
    if (joined.length <= width) {
      line = joined;
      continue;
    }
    if (line !== '') lines.push(line);
    line = word;
    while (line.length > width) {
      lines.push(line.slice(0, width));
      line = line.slice(width);
    }
  }
  return line === '' ? lines : [...lines, line];
}
