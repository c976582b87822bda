// Applies migrations to the database that DATABASE_URL names: `pnpm db:migrate`.
import { applyMigrations } from './apply-migrations.ts';

const url = process.env['DATABASE_URL'];
if (url === undefined) {
  console.error('Set DATABASE_URL. The embedded database is migrated by `npm start`.');
  process.exit(1);
}
const applied = await applyMigrations(url);
if (!applied.ok) {
  console.error(applied.fault.message);
  process.exit(1);
}
console.log(applied.value.length === 0 ? 'Nothing to migrate.' : `Applied ${applied.value.join(', ')}.`);
