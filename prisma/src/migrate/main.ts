// Applies migrations to the database that DATABASE_URL, or the file DATABASE_URL_FILE, names: `pnpm db:migrate`.
import { withSecretsRead } from '@hostmesh/part';
import { applyMigrations } from './apply-migrations.ts';

const url = withSecretsRead(process.env, ['DATABASE_URL'])['DATABASE_URL'];
if (!url) {
  console.error('Set DATABASE_URL or DATABASE_URL_FILE. The embedded database is migrated by `npm start`.');
  process.exit(1);
}
const applied = await applyMigrations(url);
if (!applied.ok) {
  console.error(applied.fault.message);
  process.exit(1);
}
console.log(applied.value.length === 0 ? 'Nothing to migrate.' : `Applied ${applied.value.join(', ')}.`);
