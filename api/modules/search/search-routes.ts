import { type Operation, operation } from '../../http/operation.js'
import { presentCard } from '../listings/listing-presenter.js'
import { ListingSearch, SearchResults } from './search-schemas.js'
import type { SearchService } from './search-service.js'

export function searchOperations(search: SearchService): Operation[] {
  return [
    operation({
      id: 'searchListings',
      method: 'get',
      path: '/listings',
      tag: 'Listings',
      access: 'anyone',
      limit: 'api:search',
      summary: 'Search what is on sale: by words in either language, by part number, by car',
      query: ListingSearch,
      response: SearchResults,
      handle: async ({ query }) => {
        const { items, at, ...rest } = await search.find(query)
        return { items: items.map(card => presentCard(card, at)), ...rest }
      },
    }),
  ]
}
