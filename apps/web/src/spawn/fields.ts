import type { FieldErrors } from './field-path.ts';
import type { SpawnForm } from './form.ts';

/** What every group of fields gets. */
export interface FieldsProps {
  readonly form: SpawnForm;
  readonly errors: FieldErrors;
  readonly onChange: (part: Partial<SpawnForm>) => void;
}
