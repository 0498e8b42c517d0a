import { describe, expect, test } from 'vitest';
import type { VersionKind } from '../../src/domain/images/package.js';
import { failureOf, linesOf, packagesOf, read, runner } from './support/reading.js';
import { serve } from './support/server.js';

const source = (url: string, versions: VersionKind = 'rpm') =>
  ({ kind: 'html', url, versions }) as const;

const apache = `<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 3.2 Final//EN">
<html><head><title>Index of /el9</title></head><body><h1>Index of /el9</h1>
<table><tr><th><a href="?C=N;O=D">Name</a></th><th><a href="?C=M;O=A">Last modified</a></th></tr>
<tr><td><a href="/">Parent Directory</a></td></tr>
<tr><td><a href="repodata/">repodata/</a></td></tr>
<tr><td><a href="gitlab-runner-16.9.0-1.x86_64.rpm">gitlab-runner-16.9.0-1.x86_64..&gt;</a></td></tr>
<tr><td><a href="gitlab-runner-16.10.0-1.x86_64.rpm">gitlab-runner-16.10.0-1.x86_64..&gt;</a></td></tr>
<tr><td><a href="gitlab-runner-16.10.0-1.aarch64.rpm">gitlab-runner-16.10.0-1.aarch6..&gt;</a></td></tr>
<tr><td><a href="gitlab-runner-16.10.0-1.src.rpm">gitlab-runner-16.10.0-1.src.rpm</a></td></tr>
<tr><td><a href="gitlab-runner-helper-images-16.10.0-1.noarch.rpm">gitlab-runner-helper-images..&gt;</a></td></tr>
<tr><td><a href="gitlab-runner-16.10.0-1.x86_64.rpm.asc">signature</a></td></tr>
</table></body></html>`;

const nginx = `<html>\r\n<head><title>Index of /el9/</title></head>\r\n<body>\r\n<h1>Index of /el9/</h1><hr><pre><a href="../">../</a>\r
<a href="gitlab-runner-16.10.0%7Erc1-1.x86_64.rpm">gitlab-runner-16.10.0~rc1-1.x86_64.rpm</a>    02-Jan-2024 03:04  1234\r
<a href="gitlab-runner-2%3A16.11.0-1.x86_64.rpm">gitlab-runner-2:16.11.0-1.x86_64.rpm</a>    02-Jan-2024 03:04  1234\r
<a href='gitlab-runner-16.12.0%5Egit1-1.x86_64.rpm'>gitlab-runner-16.12.0^git1-1.x86_64.rpm</a>    02-Jan-2024 03:04  1234\r
</pre><hr></body>\r\n</html>`;

const artifactory = `<!DOCTYPE html><html><head><meta name="robots" content="noindex" /><title>Index of yum/el9</title></head>
<body><h1>Index of yum/el9</h1><pre>Name Last modified Size</pre><hr/><pre><a href="../">../</a>
<a href="gitlab-runner-16.9.0-1.x86_64.rpm">gitlab-runner-16.9.0-1.x86_64.rpm</a>  02-Jan-2024 03:04  1.2 MB
<a href="gitlab-runner-16.10.0-1.x86_64.rpm#sha256=00">gitlab-runner-16.10.0-1.x86_64.rpm</a>  02-Jan-2024 03:04  1.2 MB
</pre><hr/><address>Artifactory Online Server</address></body></html>`;

const website = `<html><body><ul><li><a href='./rpm/gitlab-runner_amd64.rpm'>rpm/gitlab-runner_amd64.rpm</a></li>
<li><A HREF="https://cdn.example/rpm%2Fgitlab-runner-16.9.0-1.x86_64.rpm">one</A>
<li><a name="anchor">no link</a><a href="mailto:x@example.com">mail</a><a href="http://[bad">bad</a></ul>`;

describe('a listing', () => {
  test('of Apache is read by the names of its files: exactly, whatever is beside them', async () => {
    const server = await serve({ '/el9/': apache });
    const reading = await read(source(`${server.url}/el9`));
    expect(linesOf(reading)).toEqual([
      'gitlab-runner 16.10.0-1 x86_64',
      'gitlab-runner 16.9.0-1 x86_64',
    ]);
    expect(packagesOf(reading)[0]?.location).toBe('gitlab-runner-16.9.0-1.x86_64.rpm');
    expect(server.paths()).toEqual(['/el9/']);
    const arm = {
      names: ['gitlab-runner', 'gitlab-runner-helper-images'],
      architectures: ['arm64'],
    };
    expect(linesOf(await read(source(`${server.url}/el9/`), arm))).toEqual([
      'gitlab-runner 16.10.0-1 aarch64',
      'gitlab-runner-helper-images 16.10.0-1 noarch',
    ]);
  });

  test('of nginx is read with names that are percent-encoded', async () => {
    const { url } = await serve({ '/el9/': nginx });
    const reading = await read(source(`${url}/el9/`));
    expect(linesOf(reading)).toEqual([
      'gitlab-runner 16.10.0~rc1-1 x86_64',
      'gitlab-runner 16.12.0^git1-1 x86_64',
      'gitlab-runner 2:16.11.0-1 x86_64',
    ]);
  });

  test('of Artifactory is read', async () => {
    const { url } = await serve({ '/el9/': artifactory });
    expect(linesOf(await read(source(`${url}/el9/`)))).toEqual([
      'gitlab-runner 16.10.0-1 x86_64',
      'gitlab-runner 16.9.0-1 x86_64',
    ]);
  });

  test('of a website is read with links to elsewhere, and what is none is passed over', async () => {
    const { url } = await serve({ '/index.html': website });
    const reading = await read(source(`${url}/index.html`));
    expect(packagesOf(reading)).toEqual([
      {
        name: 'gitlab-runner',
        arch: 'x86_64',
        evr: { epoch: 0, version: '16.9.0', release: '1' },
        location: 'https://cdn.example/rpm%2Fgitlab-runner-16.9.0-1.x86_64.rpm',
      },
    ]);
  });

  test('of Debian packages is read', async () => {
    const { url } = await serve({
      '/pool/':
        '<a href="gitlab-runner_16.9.0-1_amd64.deb">x</a><a href="gitlab-runner_2%253a16.10.0-1_amd64.deb">x</a><a href="gitlab-runner_amd64.deb">x</a>',
    });
    expect(linesOf(await read(source(`${url}/pool`, 'deb')))).toEqual([
      'gitlab-runner 16.9.0-1 amd64',
      'gitlab-runner 2:16.10.0-1 amd64',
    ]);
  });

  test('follows its base', async () => {
    const { url } = await serve({
      '/el9/': '<base href="/files/"><a href="gitlab-runner-16.9.0-1.x86_64.rpm">x</a>',
    });
    const [found] = packagesOf(await read(source(`${url}/el9/`)));
    expect(found?.location).toBe(`${url}/files/gitlab-runner-16.9.0-1.x86_64.rpm`);
  });
});

describe('a listing with listings below it', () => {
  const file = (version: string) =>
    `<a href="gitlab-runner-${version}-1.x86_64.rpm">x</a><a href="another-1.0-1.x86_64.rpm">x</a>`;
  const tree = {
    '/': '<a href="../">up</a><a href="/">home</a><a href="repodata/">x</a><a href="Packages/">x</a><a href="isos/">x</a><a href="http://192.0.2.1/Packages/">x</a>',
    '/Packages/': '<a href="../">up</a><a href="a/">x</a><a href="g/">x</a><a href="z/">x</a>',
    '/Packages/g/': file('16.9.0'),
  };

  test('is followed to where the package may be, and nowhere else', async () => {
    const server = await serve(tree);
    const reading = await read(source(server.url));
    expect(packagesOf(reading).map(({ location }) => location)).toEqual([
      'Packages/g/gitlab-runner-16.9.0-1.x86_64.rpm',
    ]);
    expect(server.paths()).toEqual(['/', '/Packages/', '/Packages/g/']);
  });

  test('is not followed where it has the package itself', async () => {
    const server = await serve({ ...tree, '/': `${file('16.10.0')}${tree['/']}` });
    expect(linesOf(await read(source(server.url)))).toEqual(['gitlab-runner 16.10.0-1 x86_64']);
    expect(server.paths()).toEqual(['/']);
  });

  test('that is gone is inconsistent, not a list without it', async () => {
    const { '/Packages/g/': _, ...others } = tree;
    const { url } = await serve(others);
    const failure = await failureOf(read(source(url)));
    expect(failure).toMatchObject({ code: 'inconsistent', retryable: true });
    expect(failure.message).toContain('/Packages/g/: is not there');
  });

  test('is not taken for unchanged because its first page is', async () => {
    const content = { ...tree };
    const { url } = await serve(content);
    const { state } = await read(source(url));
    expect(await read(source(url), runner, { before: state })).toEqual({
      kind: 'unchanged',
      state,
    });
    content['/Packages/g/'] += file('16.10.0');
    expect(linesOf(await read(source(url), runner, { before: state }))).toHaveLength(2);
  });

  test('has a limit, and goes around in no circle', async () => {
    const many = Array.from({ length: 40 }, (_, index) => `<a href="16.${index}/">x</a>`).join('');
    const server = await serve({ '/': many });
    server.instead = (path, answer) => {
      if (path === '/') return false;
      answer.end('<a href="./">here</a><a href="/">home</a>');
      return true;
    };
    const limited = { limits: { listings: 20 } };
    const failure = await failureOf(read(source(server.url), runner, limited));
    expect(failure).toMatchObject({ code: 'unsupported', retryable: false });
    expect(failure.message).toContain('has more than 20 listings');
  });
});

describe('a page that is no listing', () => {
  test.each(['<html><h1>Log in</h1></html>', '', '<a href="readme.txt">x</a>', 'Bad gateway'])(
    'is inconsistent, not a mirror that has lost everything: %j',
    async (page) => {
      const server = await serve({ '/': page });
      const failure = await failureOf(read(source(server.url)));
      expect(failure).toMatchObject({ code: 'inconsistent', retryable: true });
      expect(failure.message).toContain('lists no RPM at all');
      expect(server.paths()).toHaveLength(3);
    },
  );

  test('is refused where it is not there', async () => {
    const { url } = await serve({});
    expect(await failureOf(read(source(url)))).toMatchObject({ code: 'refused' });
  });

  test('a listing of other packages only is an answer: none', async () => {
    const { url } = await serve({ '/': '<a href="another-1.0-1.x86_64.rpm">x</a>' });
    expect(linesOf(await read(source(url)))).toEqual([]);
  });
});

describe('a listing that has not changed', () => {
  test('costs one request, answered 304 or compared by its packages', async () => {
    const content = { '/el9/': apache };
    const server = await serve(content);
    const { state } = await read(source(`${server.url}/el9`));
    server.asked.splice(0);
    const again = () => read(source(`${server.url}/el9`), runner, { before: state });
    expect(await again()).toEqual({ kind: 'unchanged', state });
    expect(server.asked).toMatchObject([{ status: 304 }]);

    // Times, footers and whatever else is on the page are not what is asked.
    content['/el9/'] = apache.replace('Index of', 'At 03:04, the index of');
    expect((await again()).kind).toBe('unchanged');
    content['/el9/'] = apache.replace('16.9.0-1', '16.9.1-1');
    expect((await again()).kind).toBe('packages');
  });
});

describe('the own listing of an S3 bucket', () => {
  const page = (keys: readonly string[], rest = '') =>
    `<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name>${keys
      .map((key) => `<Contents><Key>${key}</Key><Size>1</Size></Contents>`)
      .join('')}${rest}</ListBucketResult>`;

  test.each([
    [
      'continuation-token',
      '<IsTruncated>true</IsTruncated><NextContinuationToken>a+b/c=</NextContinuationToken>',
      'a+b/c=',
    ],
    ['marker', '<IsTruncated>true</IsTruncated>', 'rpm/gitlab-runner-16.9.0-1.x86_64.rpm'],
  ])('is read page by page, by its %s', async (parameter, rest, expected) => {
    const server = await serve({});
    const pages: (string | null)[] = [];
    server.instead = (_, answer, request) => {
      const { searchParams } = new URL(request.url!, server.url);
      pages.push(searchParams.get(parameter));
      const isFirst = searchParams.get(parameter) === null;
      expect(searchParams.get('prefix')).toBe('rpm/');
      answer.end(
        isFirst
          ? page(['rpm/', 'rpm/gitlab-runner-16.9.0-1.x86_64.rpm'], rest)
          : page(
              ['rpm/gitlab-runner-16.10.0~rc1-1.x86_64.rpm'],
              '<IsTruncated>false</IsTruncated>',
            ),
      );
      return true;
    };
    const reading = await read(source(`${server.url}/?prefix=rpm/`));
    expect(linesOf(reading)).toEqual([
      'gitlab-runner 16.10.0~rc1-1 x86_64',
      'gitlab-runner 16.9.0-1 x86_64',
    ]);
    expect(pages).toEqual([null, expected]);
    expect(reading.state).not.toHaveProperty('etag');
  });

  test('is followed into what it groups', async () => {
    const server = await serve({});
    server.instead = (_, answer, request) => {
      const prefix = new URL(request.url!, server.url).searchParams.get('prefix');
      answer.end(
        prefix === 'el9/x86_64/'
          ? page(['el9/x86_64/gitlab-runner-16.9.0-1.x86_64.rpm'])
          : page(
              [],
              '<CommonPrefixes><Prefix>el9/x86_64/</Prefix></CommonPrefixes><CommonPrefixes><Prefix>el9/isos/</Prefix></CommonPrefixes>',
            ),
      );
      return true;
    };
    expect(linesOf(await read(source(`${server.url}/?delimiter=/&prefix=el9/`)))).toHaveLength(1);
    expect(server.paths()).toHaveLength(2);
  });

  test('that breaks off is not a shorter list', async () => {
    const whole = page(['gitlab-runner-16.9.0-1.x86_64.rpm', 'gitlab-runner-16.10.0-1.x86_64.rpm']);
    const { url } = await serve({ '/': whole.slice(0, -60) });
    const failure = await failureOf(read(source(url)));
    expect(failure).toMatchObject({ code: 'inconsistent' });
    expect(failure.message).toContain('is broken XML');
  });
});
