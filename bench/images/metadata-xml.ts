/** How many packages the generated metadata has, and how many of them are of the product that is looked for. */
export const packageCount = 100_000;
export const productEvery = 500;
export const product = 'gitlab-runner';

/** The document in pieces of some kilobytes: 100,000 packages, 120 MB, of the shape that createrepo_c writes. */
export function* primaryXml(): Generator<string, void> {
  yield `<?xml version="1.0" encoding="UTF-8"?>
<metadata xmlns="http://linux.duke.edu/metadata/common" xmlns:rpm="http://linux.duke.edu/metadata/rpm" packages="${packageCount}">
`;
  for (let index = 0; index < packageCount; index++) yield packageXml(index);
  yield '</metadata>\n';
}

function packageXml(index: number): string {
  const name = index % productEvery === 0 ? product : `package-${index % 9973}`;
  const version = `${16 + (index % 3)}.${index % 97}.${index % 13}`;
  const release = `${index}.el9`;
  const arch = index % 3 === 2 ? 'noarch' : 'x86_64';
  return `<package type="rpm">
  <name>${name}</name>
  <arch>${arch}</arch>
  <version epoch="0" ver="${version}" rel="${release}"/>
  <checksum type="sha256" pkgid="YES">${digestLike(index)}</checksum>
  <summary>Does what ${name} does, &amp; no more</summary>
  <description>${name} has a description of some lines, in which there
is an entity now &amp; then, and a word beyond ASCII: naïve.</description>
  <packager>Packagers &lt;packagers@example.com&gt;</packager>
  <url>https://example.com/${name}</url>
  <time file="1700000000" build="1690000000"/>
  <size package="123456" installed="456789" archive="460000"/>
  <location href="Packages/${name.charAt(0)}/${name}-${version}-${release}.${arch}.rpm"/>
  <format>
    <rpm:license>MIT</rpm:license>
    <rpm:vendor>Example</rpm:vendor>
    <rpm:group>Unspecified</rpm:group>
    <rpm:sourcerpm>${name}-${version}-${release}.src.rpm</rpm:sourcerpm>
    <rpm:header-range start="4504" end="30000"/>
    <rpm:provides>
      <rpm:entry name="${name}" flags="EQ" epoch="0" ver="${version}" rel="${release}"/>
    </rpm:provides>
    <rpm:requires>
      <rpm:entry name="libc.so.6(GLIBC_2.34)(64bit)"/>
    </rpm:requires>
  </format>
</package>
`;
}

/** 64 hexadecimal digits that don't pack well, as a checksum's don't. */
function digestLike(index: number): string {
  let state = index + 1;
  let digits = '';
  for (let part = 0; part < 8; part++) {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) ^ (part + index);
    digits += (state >>> 0).toString(16).padStart(8, '0');
  }
  return digits;
}
