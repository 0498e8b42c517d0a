/** What talks to EC2: loaded when it is needed, as EC2's client takes 60 MB. */
export { awaitImage } from './await-image.js';
export { ImageCopier } from './copy-image.js';
export { deprecateImages } from './deprecate-images.js';
export { findImage } from './find-image.js';
export { listImages } from './list-images.js';
export { removeImages } from './remove-images.js';
export { shareImage } from './share-image.js';
export { tagImage } from './tag-image.js';
