planets <- data.frame(
  name = c("Mercury", "Venus", "Earth", "Mars", "Jupiter", "Saturn", "Uranus", "Neptune"),
  distance = c(0.387, 0.723, 1, 1.524, 5.203, 9.537, 19.19, 30.07),
  period = c(0.241, 0.615, 1, 1.881, 11.86, 29.46, 84.01, 164.8),
  rings = c(FALSE, FALSE, FALSE, FALSE, TRUE, TRUE, TRUE, TRUE)
)
