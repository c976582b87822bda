import { pathOf } from '@hostmesh/client';
import { routes } from '@hostmesh/contract';
import { client } from '../api/client.ts';
import { notify } from '../ui/feedback/notices.tsx';
import { saveFile } from '../ui/save-file.ts';

/** All that is left of a proc's output, as the program wrote it, in a file of the reader's. */
export async function saveLog(procId: string, stream: 'stdout' | 'stderr' | undefined): Promise<void> {
  const path = pathOf(routes.procLogs, { id: procId }, { after: 0, stream });
  const opened = await client.open(path, { headers: { accept: 'text/plain' } });
  if (!opened.ok) return notify('failed', `The output was not downloaded. ${opened.fault.message}`);
  try {
    saveFile(`${procId}.log`, await opened.value.blob());
  } catch {
    notify('failed', 'The download broke before its end.');
  }
}
