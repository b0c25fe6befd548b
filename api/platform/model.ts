import { Model, snakeCaseMappers } from 'objection'
import { newId } from './ids.js'

/**
 * One table. Never bound to a connection: every query names its `db` or `trx`, so that a query which
 * forgets its transaction fails at once. Properties are camelCase; conditions name columns as the table does.
 */
export class BaseModel extends Model {
  declare id: string
  declare createdAt: Date

  static override get columnNameMappers() {
    return snakeCaseMappers()
  }

  override $beforeInsert(): void {
    this.id ??= newId()
  }
}
