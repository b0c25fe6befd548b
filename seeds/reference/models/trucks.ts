import type { Models } from './model.js'

// biome-ignore format: a table is read by its rows
export const trucks = {
  hino: [
    ['300', '300', '300', 2000, null, ['دينا هينو', 'dutro']],
    ['500', '500', '500', 2003, null, ['ranger']],
    ['700', '700', '700', 2004, null, ['profia']],
  ],
  fuso: [
    ['canter', 'كانتر', 'Canter', 1980, null, ['دينا فوسو']],
    ['fighter', 'فايتر', 'Fighter', 1984, null],
    ['super-great', 'سوبر جريت', 'Super Great', 1996, null],
    ['rosa', 'روزا', 'Rosa', 1980, null, ['باص روزا']],
  ],
  'ud-trucks': [
    ['croner', 'كرونر', 'Croner', 2018, null],
    ['quester', 'كويستر', 'Quester', 2015, null],
    ['quon', 'كوان', 'Quon', 2006, null],
    ['kuzer', 'كوزر', 'Kuzer', 2019, null],
  ],
  man: [
    ['tga', 'TGA', 'TGA', 2000, 2008],
    ['tgs', 'TGS', 'TGS', 2008, null],
    ['tgx', 'TGX', 'TGX', 2008, null],
    ['tgm', 'TGM', 'TGM', 2006, null],
  ],
  scania: [
    ['p-series', 'P', 'P-Series', 2004, null],
    ['g-series', 'G', 'G-Series', 2008, null],
    ['r-series', 'R', 'R-Series', 2004, null],
  ],
  iveco: [
    ['daily', 'ديلي', 'Daily', 1982, null],
    ['eurocargo', 'يوروكارجو', 'Eurocargo', 1992, null],
    ['trakker', 'تراكر', 'Trakker', 2005, 2021],
    ['stralis', 'ستراليس', 'Stralis', 2003, 2019],
    ['s-way', 'إس واي', 'S-Way', 2021, null],
  ],
  tata: [
    ['xenon', 'زينون', 'Xenon', 2009, 2021],
    ['lpt', 'LPT', 'LPT', 1998, null, ['lpt 613']],
    ['prima', 'بريما', 'Prima', 2012, null],
    ['telcoline', 'تلكولاين', 'Telcoline', 1998, 2008],
  ],
  sinotruk: [
    ['howo', 'هوو', 'HOWO', 2007, null],
    ['sitrak', 'سيتراك', 'Sitrak', 2019, null],
  ],
  shacman: [
    ['f3000', 'F3000', 'F3000', 2010, null],
    ['x3000', 'X3000', 'X3000', 2018, null],
  ],
} satisfies Models
