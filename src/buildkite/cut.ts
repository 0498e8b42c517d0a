const ellipsis = '…';

/** Text of at most `most` characters (code points); one that is longer ends in an ellipsis. */
export function cutToCharacters(text: string, most: number): string {
  const characters = Array.from(text);
  return characters.length <= most ? text : characters.slice(0, most - 1).join('') + ellipsis;
}

/** Text of at most `most` bytes of UTF-8, cut between characters; one that is longer ends in an ellipsis. */
export function cutToBytes(text: string, most: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= most) return text;
  let end = most - Buffer.byteLength(ellipsis);
  // 10xxxxxx goes on with a character.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.subarray(0, end).toString() + ellipsis;
}

/** Lists of at most `most` each, in order. */
export function* inBatches<T>(items: readonly T[], most: number): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += most) yield items.slice(start, start + most);
}
