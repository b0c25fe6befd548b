import { pickCar } from '../seeds/volume/market.js'
import { randomFrom } from '../seeds/volume/random.js'

/** Cars whose parts are asked for, as often as the market has them, each in a year it was sold. */
export function vehicleQueries(count = 200): string[] {
  const random = randomFrom(1)
  return Array.from({ length: count }, () => {
    const car = pickCar(random())
    const year = car.from + Math.floor(random() * (car.to - car.from + 1))
    return `vehicle=${car.id}&year=${year}`
  })
}
