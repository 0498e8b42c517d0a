import { textLike } from '../config/fields.js';

/** What ids, tags and file names hold as it is: no letter of it has to be replaced, so no two become one. */
const name = (what: string) =>
  textLike(
    /^[a-z0-9][a-z0-9._-]{0,63}$/,
    `${what}: up to 64 small letters, digits and . _ -, beginning with a letter or digit`,
  );

export const lineNameSchema = name('the name of a line');
export const channelNameSchema = name('the name of a channel, such as dev or release');
export const osNameSchema = name('the name of a base OS, such as al2023');

export const imageIdSchema = textLike(
  /^ami-[0-9a-f]{8,17}$/,
  'the id of a machine image, such as ami-0123456789abcdef0',
);

/** What a channel is called where none is named. */
export const defaultChannel = 'dev';
