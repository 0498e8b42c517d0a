import type { GitlabCall, GitlabReply } from '../call.js';
import { idOf } from '../call.js';
import { pageOf } from '../page.js';
import { badParameters } from '../refusal.js';
import { showFile } from '../show.js';

export function listFiles(call: GitlabCall): GitlabReply {
  const { rows, headers } = pageOf(call, call.project.secureFiles.list());
  return { json: rows.map(showFile), headers };
}

export function showOneFile(call: GitlabCall): GitlabReply {
  const file = call.project.secureFiles.find(idOf(call));
  return { json: showFile(file), subject: file.name };
}

export function downloadFile(call: GitlabCall): GitlabReply {
  const { name, content } = call.project.secureFiles.find(idOf(call));
  return {
    bytes: content,
    subject: name,
    headers: {
      'content-type': 'application/octet-stream',
      'content-disposition': `attachment; filename="${encodeURIComponent(name)}"`,
    },
  };
}

/** `name` and `file` as multipart/form-data. */
export async function createFile(call: GitlabCall): Promise<GitlabReply> {
  const form = await formOf(call);
  const name = form.get('name');
  const file = form.get('file');
  const missing = [
    ...(typeof name === 'string' ? [] : ['name is missing']),
    ...(file === null ? ['file is missing'] : []),
  ];
  if (typeof name !== 'string' || file === null) throw badParameters(missing.join(', '));
  if (typeof file === 'string') throw badParameters('file is invalid');
  const content = Buffer.from(await file.arrayBuffer());
  const created = call.project.secureFiles.create(name, content, call.now);
  return { status: 201, json: showFile(created), subject: name, effective: true };
}

export function deleteFile(call: GitlabCall): GitlabReply {
  const { name } = call.project.secureFiles.delete(idOf(call), call.now);
  return { status: 204, subject: name, effective: true };
}

async function formOf({ request }: GitlabCall): Promise<FormData> {
  const type = request.headers['content-type'] ?? '';
  if (!type.startsWith('multipart/form-data'))
    throw badParameters('name is missing, file is missing');
  const answer = new Response(new Uint8Array(request.body), { headers: { 'content-type': type } });
  try {
    // Deprecated for servers that strangers reach; this one reads what tests send.
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    return await answer.formData();
  } catch {
    throw badParameters('name is missing, file is missing');
  }
}
