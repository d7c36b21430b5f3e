import jax
import jax.numpy as jnp


def build():
    weights = jax.random.normal(jax.random.PRNGKey(0), (8,))

    @jax.jit
    def model(positions):
        difference = positions[:, None] - positions[None]
        squared = (difference**2).sum(-1)
        return jnp.tanh(squared[..., None] * weights).sum()

    return model


def peaked():
    def model(v):
        along = v @ jnp.asarray([0.48, 0.6, 0.64]) / jnp.linalg.norm(v)
        return 1 + jnp.exp(8 * (along - 1))

    return model
